// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Enhanced metafiles of Windows: records up to the one that says it is the last.
  ///
  /// | Offset | Size | Field        | Unit                                            |
  /// |-------:|-----:|--------------|-------------------------------------------------|
  /// |   0x00 |    4 | type         | 1; of every record                              |
  /// |   0x04 |    4 | size         | bytes, a multiple of four; of every record      |
  /// |   0x28 |    4 | mark         | ` EMF`                                          |
  /// |   0x2C |    4 | version      | 0x10000                                         |
  /// |   0x30 |    4 | bytes        | size of the file                                |
  /// |   0x34 |    4 | records      | count                                           |
  /// |   0x3C |    8 | description  | UTF-16 units and offset: program, NUL, title     |
  ///
  /// - Source: Microsoft, *[MS-EMF] Enhanced Metafile Format*, §2.3.4.2 "EMR_HEADER", §2.3.4.1.
  package static let emf = FileFormat(
    id: "emf", name: "Enhanced metafile", category: .photo, validation: .structure,
    signatures: [Signature([0x20, 0x45, 0x4D, 0x46, 0x00, 0x00, 0x01, 0x00], at: 0x28)],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let type = try? bytes.little(UInt32.self, at: 0),
        let size = try? bytes.little(UInt32.self, at: 4),
        let records = try? bytes.little(UInt32.self, at: 0x34)
      else { return false }
      return type == 1 && (88...0x1_0000).contains(size) && size % 4 == 0 && records >= 2
    }
  ) { file in
    try Examination.walk("emf", file) { try EMFWalk(file).examination() }
  }
}

/// The walk over the records of an enhanced metafile.
private struct EMFWalk {
  private static let last: UInt32 = 14
  /// Records of more than this may hold a foreign block that nobody notices.
  private static let block: UInt32 = 4096
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var window = Window(file, span: 0x4000)
    var position: ByteOffset = 0
    var opaque: UInt64 = 0
    while true {
      let type = try window.little(UInt32.self, at: position)
      let size = try window.little(UInt32.self, at: position + 4)
      guard (1...122).contains(type), size >= 8, size % 4 == 0, (type == 1) == (position == 0)
      else {
        throw Malformed("EMF", "no record starts here", at: position)
      }
      if size > Self.block { opaque &+= UInt64(size) }
      position = try position + ByteCount(UInt64(size))
      if type == Self.last { break }
    }
    guard position <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(
      "emf", "EMF", end: position, and: opaque > position.rawValue / 8 ? [.payloadUnchecked] : [])
    result.name = try title()
    return result
  }

  /// The second of the two texts of the description.
  private func title() throws -> String? {
    let count = try file.little(UInt32.self, at: 0x3C)
    let offset = try file.little(UInt32.self, at: 0x40)
    guard count > 0, count < 512 else { return nil }
    let bytes = try file.readPrefix(
      at: ByteOffset(UInt64(offset)), count: ByteCount(UInt64(count) * 2))
    let units = try stride(from: 0, to: bytes.count & ~1, by: 2).map {
      try bytes.little(UInt16.self, at: $0)
    }
    let parts = units.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count > 1 else { return nil }
    return ContentText.trimmed(String(decoding: parts[1], as: UTF16.self))
  }
}
