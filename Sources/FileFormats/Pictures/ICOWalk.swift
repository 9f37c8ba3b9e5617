// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the pictures of an icon file.
struct ICOWalk {
  private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let directory = try ICODirectory(parsing: file.readPrefix(at: 0, count: 8192))
    var end: UInt64 = 0
    var areChecked = true
    var children: [Examination.Child] = []
    for entry in directory.entries {
      let start = ByteOffset(entry.offset)
      let head = try file.read(at: start, count: 16)
      guard Self.isPicture(head, at: 0, width: entry.width) else {
        throw Malformed("ICO", "no picture where one must stand", at: start)
      }
      guard ByteOffset(entry.end) <= file.range.upperBound else { throw Truncated() }
      let range = start..<ByteOffset(entry.end)
      if head.holds(Self.png, at: 0) {
        try checkPNG(range)
        children.append(.init(type: "png", range: range))
      } else {
        areChecked = false
      }
      end = max(end, entry.end)
    }
    var result = Examination.whole(
      "ico", "ICO", end: ByteOffset(end), and: areChecked ? [] : [.payloadUnchecked])
    result.type = directory.isCursor ? "cur" : "ico"
    result.children = children
    return result
  }

  private func checkPNG(_ range: Range<ByteOffset>) throws {
    let inner = try FileFormat.png.examine(file.slice(range))
    guard inner.end == .complete else {
      throw Malformed("ICO", "a PNG picture in it is broken", at: range.lowerBound)
    }
  }

  /// Whether a PNG picture or a bitmap header of this width starts here.
  static func isPicture(_ bytes: [UInt8], at start: Int, width: UInt8) -> Bool {
    if bytes.holds(png, at: start) { return true }
    guard let size = try? bytes.little(UInt32.self, at: start),
      let wide = try? bytes.little(UInt32.self, at: start + 4),
      let planes = try? bytes.little(UInt16.self, at: start + 12),
      let depth = try? bytes.little(UInt16.self, at: start + 14)
    else { return false }
    if size == 12 { return wide & 0xFFFF <= 512 && wide > 0 }
    return (size == 40 || size == 64 || size == 108 || size == 124) && planes <= 1
      && [1, 2, 4, 8, 16, 24, 32].contains(depth) && (1...1024).contains(wide)
  }
}
