// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What stands between the place where a chain of packets stops and the end of its sector: it tells
/// the end of a file, whose last sector is filled with zeros, from a gap in one.
///
/// Files and gaps begin with sectors, so zeros that begin inside one are the end of a file.
enum SectorRest {
  /// Zeros up to the end of the sector: a file ends here.
  case zeros
  /// Nothing: the chain stops with a sector, or with the bytes at hand.
  case none
  /// Other bytes: a file that was cut or has a gap.
  case foreign

  private static let sector: UInt64 = 512

  init(in file: Source, after end: ByteOffset) throws {
    let count = (Self.sector &- end.rawValue % Self.sector) % Self.sector
    let bytes = try file.readPrefix(at: end, count: ByteCount(count))
    if bytes.contains(where: { $0 != 0 }) {
      self = .foreign
    } else {
      self = !bytes.isEmpty && UInt64(clamping: bytes.count) == count ? .zeros : .none
    }
  }

  /// Whether what a chain has of its last sector is zeros alone, so that it may have been cut before it.
  static func beginsWithZeros(in file: Source, before end: ByteOffset) throws -> Bool {
    let start = ByteOffset(end.rawValue / sector &* sector)
    return try file.readPrefix(at: start, count: (start..<end).length).allSatisfy { $0 == 0 }
  }
}

extension Examination {
  /// A file without an end mark whose chain of packets stops at `end`.
  ///
  /// - Parameter isMarked: the content itself says that it ends here.
  static func chain(
    _ id: String, _ name: String, in file: Source, end: ByteOffset, isMarked: Bool = false
  ) throws -> Examination {
    if isMarked { return .whole(id, name, end: end) }
    switch try SectorRest(in: file, after: end) {
    case .zeros:
      let isCut = try SectorRest.beginsWithZeros(in: file, before: end)
      return .whole(id, name, end: end, and: isCut ? [.endReasoned] : [])
    case .none: return .whole(id, name, end: end, and: [.endReasoned])
    case .foreign: throw Malformed(name, "its packets stop inside a sector", at: end)
    }
  }
}
