// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows metafiles, plain or placeable: records up to the one that says it is the last.
  ///
  /// | Offset | Size | Field        | Unit                                            |
  /// |-------:|-----:|--------------|-------------------------------------------------|
  /// |   0x00 |   22 | placement    | placeable only; ends with the XOR of its words  |
  /// |   0x00 |    2 | type         | 1; behind the placement                         |
  /// |   0x02 |    2 | header       | 9 words                                         |
  /// |   0x04 |    2 | version      | 0x0100 or 0x0300                                |
  /// |   0x0C |    4 | longest      | words of the longest record                     |
  /// |   0x12 |    … | records      | u32 size in words, u16 function; the last is 0  |
  ///
  /// - Source: Microsoft, *[MS-WMF] Windows Metafile Format*, §2.3.2 "Control Record Types".
  package static let wmf = FileFormat(
    id: "wmf", name: "Windows metafile", category: .photo, validation: .structure,
    signatures: [
      Signature([0xD7, 0xCD, 0xC6, 0x9A, 0, 0]), Signature([0x01, 0x00, 0x09, 0x00, 0x00, 0x03]),
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let first = try? bytes.little(UInt8.self, at: 0) else { return false }
      return first == 0xD7
        ? WMFWalk.placementHolds(bytes) && WMFWalk.headerHolds(bytes, at: WMFWalk.placement)
        : WMFWalk.headerHolds(bytes, at: 0)
    }
  ) { file in
    try Examination.walk("wmf", file) { try WMFWalk(file).examination() }
  }
}

/// The walk over the records of a metafile.
private struct WMFWalk {
  static let placement = 22
  private static let header = 18
  private static let mostUnstated: UInt64 = 0x1_0000
  private let file: Source

  init(_ file: Source) { self.file = file }

  /// Whether the placement's checksum is the XOR of the ten words before it.
  static func placementHolds(_ bytes: RawSpan) -> Bool {
    let words = (0..<11).compactMap { try? bytes.little(UInt16.self, at: 2 * $0) }
    return words.count == 11 && words.reduce(0, ^) == 0
  }

  /// Whether there is such a function; its high byte counts parameters.
  private static func isFunction(_ function: UInt16) -> Bool {
    switch function & 0xFF {
    case 0x00...0x43, 0x48...0x4F, 0x52, 0x5E, 0x5F, 0xCF, 0xF0, 0xF7...0xFF: function < 0x2000
    default: false
    }
  }

  /// Whether a metafile's header stands at `start`, and a record behind it.
  static func headerHolds(_ bytes: RawSpan, at start: Int) -> Bool {
    guard let type = try? bytes.little(UInt16.self, at: start),
      let words = try? bytes.little(UInt16.self, at: start + 2),
      let version = try? bytes.little(UInt16.self, at: start + 4),
      let size = try? bytes.little(UInt32.self, at: start + 6),
      let longest = try? bytes.little(UInt32.self, at: start + 12),
      let first = try? bytes.little(UInt32.self, at: start + header),
      let function = try? bytes.little(UInt16.self, at: start + header + 4)
    else { return false }
    return (type == 1 || type == 2) && words == 9 && (version == 0x0300 || version == 0x0100)
      && size >= 12 && size < 0x800_0000 && longest <= size && first >= 3 && first <= size
      && isFunction(function)
  }

  func examination() throws -> Examination {
    var window = Window(file, span: 0x4000)
    let isPlaced = try window.byte(at: 0) == 0xD7
    let start = isPlaced ? Self.placement : 0
    let head = try file.read(at: 0, count: ByteCount(clamping: start + Self.header + 6))
    guard head.withSpan({ Self.headerHolds($0, at: start) }) else {
      throw Malformed("WMF", "no header of a metafile", at: 0)
    }
    var position = ByteOffset(UInt64(start + Self.header))
    var room = HiddenRoom()
    let stated = UInt64(try head.little(UInt32.self, at: start + 6)) * 2
    let most = ByteOffset(stated * 2 + Self.mostUnstated)
    while true {
      let words = try window.little(UInt32.self, at: position)
      let function = try window.little(UInt16.self, at: position + 4)
      guard words >= 3, Self.isFunction(function) else {
        // A few writers leave the last record out.
        if position.rawValue == stated || position.rawValue == stated + UInt64(start) { break }
        throw Malformed("WMF", "no record starts here", at: position)
      }
      let next = try position + ByteCount(2 * UInt64(words))
      // The size in the header is wrong at times, but not by far.
      guard next <= most else { throw Malformed("WMF", "a record is too long", at: position) }
      room.add(stretch: (position..<next).length)
      position = next
      if function == 0 { break }
    }
    guard position <= file.range.upperBound else { throw Truncated() }
    return .whole("wmf", "WMF", end: position, and: room.evidence(upTo: position))
  }
}
