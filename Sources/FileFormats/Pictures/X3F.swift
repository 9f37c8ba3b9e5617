// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Sigma's raw pictures. The directory ends them, and only their last four bytes say where it is, so
  /// it is looked for.
  ///
  ///     0  FOVb   4  u16 minor, u16 major version   8  16 identity   28  u32 columns   32  u32 rows
  ///     directory: SECd, u32 version, u32 count; each u32 offset, u32 size, type; u32 place of SECd
  ///     part: SECi, SECp, SECc
  ///
  /// - Source: Foveon, *X3F raw file format 2.1*.
  package static let x3f = FileFormat(
    id: "x3f", name: "Sigma raw picture", category: .photo, validation: .structure,
    signatures: [
      Signature(
        masked: [0x46, 0x4F, 0x56, 0x62].map { Signature.Element($0) } + [
          .init(0, mask: 0xF0), .init(0), .init(0, mask: 0xF0), .init(0),
        ])
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let columns = try? bytes.little(UInt32.self, at: 28),
        let rows = try? bytes.little(UInt32.self, at: 32)
      else { return false }
      return (1...0xFFFF).contains(columns) && (1...0xFFFF).contains(rows)
    }
  ) { file in
    try Examination.walk("x3f", file) { try X3FWalk(file).examination() }
  }
}

/// The search for the directory of a Sigma raw picture, and the parts that it lists.
private struct X3FWalk {
  private static let directory: [UInt8] = Array("SECd".utf8)
  private static let step: ByteCount = 0x40_0000
  private static let farthest: ByteOffset = 0x1000_0000
  private static let mostParts: UInt32 = 64
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    // A part stands at once behind the header; without one this is nothing to search through.
    let head = try file.readPrefix(at: 0, count: 1024)
    guard head.withSpan({ $0.firstIndex(of: Array("SEC".utf8)) }) != nil else {
      throw Malformed("X3F", "no part follows the header")
    }
    var position: ByteOffset = 0
    let stop = min(file.range.upperBound, Self.farthest)
    while position < stop {
      let next = min(stop, position.advancedClamped(by: Self.step.addingClamped(3)))
      let places = try file.withBytes(in: position..<next) { bytes in
        var places: [Int] = []
        var from = 0
        while let place = bytes.firstIndex(of: Self.directory, from: from) {
          places.append(place)
          from = place + 1
        }
        return places
      }
      for place in places.prefix(64) {
        let start = position.advancedClamped(by: ByteCount(clamping: place))
        if let result = try parts(listedAt: start) { return result }
      }
      position = position.advancedClamped(by: Self.step)
    }
    throw Truncated()
  }

  /// The picture that ends with this directory; nil where it does not list its parts.
  private func parts(listedAt start: ByteOffset) throws -> Examination? {
    let head = try file.readPrefix(at: start, count: 12)
    guard let count = try? head.little(UInt32.self, at: 8), (1...Self.mostParts).contains(count)
    else { return nil }
    let entries = try file.readPrefix(at: start + 12, count: ByteCount(UInt64(count) * 12 + 4))
    guard let own = try? entries.little(UInt32.self, at: Int(count) * 12),
      UInt64(own) == start.rawValue
    else { return nil }
    var children: [Examination.Child] = []
    for index in stride(from: 0, to: Int(count) * 12, by: 12) {
      let part = try Range(
        at: ByteOffset(UInt64(entries.little(UInt32.self, at: index))),
        count: ByteCount(UInt64(entries.little(UInt32.self, at: index + 4))))
      let mark = try file.readPrefix(at: part.lowerBound, count: 32)
      guard part.upperBound <= start, mark.holds(Array("SEC".utf8), at: 0) else { return nil }
      if mark.holds(Array("SECi".utf8), at: 0), mark.holds([0xFF, 0xD8], at: 28),
        part.length > 28
      {
        children.append(
          .init(type: "jpg", range: part.lowerBound.advancedClamped(by: 28)..<part.upperBound))
      }
    }
    var result = Examination.whole(
      "x3f", "X3F", end: try start + 16 + ByteCount(UInt64(count) * 12), and: [.payloadUnchecked])
    result.children = children
    return result
  }
}
