// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Apple icons: the length of the whole, then elements, each with its type and length; the pictures in
  /// them are plain, run-length coded, PNG or JPEG 2000.
  ///
  ///     0  `icns`   4  u32 length     8  element: type, u32 length with these eight bytes
  ///
  /// - Source: Apple, *IconStorage.h*, "IconFamilyResource".
  package static let icns = FileFormat(
    id: "icns", name: "Apple icon", category: .photo, validation: .size,
    signatures: [Signature("icns")], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let length = try? bytes.big(UInt32.self, at: 4),
        let first = try? bytes.big(UInt32.self, at: 12),
        let type = try? bytes.copy(at: 8, count: 4)
      else { return false }
      return length > 16 && length < 0x1000_0000 && first >= 8 && first <= length &- 8
        && type.allSatisfy { (0x20...0x7E).contains($0) }
    }
  ) { file in
    try Examination.walk("icns", file) { try ICNSWalk(file).examination() }
  }
}

/// The walk over the elements of an icon.
private struct ICNSWalk {
  private static let mostElements = 4096
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let end = ByteOffset(UInt64(try file.big(UInt32.self, at: 4)))
    var position: ByteOffset = 8
    var children: [Examination.Child] = []
    var areChecked = true
    for _ in 0..<Self.mostElements where position < end {
      let head = try file.read(at: position, count: 8)
      let length = UInt64(try head.big(UInt32.self, at: 4))
      guard length >= 8, head.prefix(4).allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw Malformed("ICNS", "no element starts here", at: position)
      }
      let next = try position + ByteCount(length)
      guard next <= end else {
        throw Malformed("ICNS", "an element leaves the file", at: position)
      }
      guard next <= file.range.upperBound else { throw Truncated() }
      let content = try position + 8
      if try file.readPrefix(at: content, count: 8).starts(with: [0x89, 0x50, 0x4E, 0x47]) {
        let inner = try FileFormat.png.examine(file.slice(content..<next))
        guard inner.end == .complete else {
          throw Malformed("ICNS", "a PNG picture in it is broken", at: content)
        }
        children.append(.init(type: "png", range: content..<next))
      } else if length > 24 {
        areChecked = false
      }
      position = next
    }
    guard position == end else {
      throw Malformed("ICNS", "its elements do not fill it", at: position)
    }
    var result = Examination.whole(
      "icns", "ICNS", end: end, and: areChecked ? [] : [.payloadUnchecked])
    result.children = children
    return result
  }
}
