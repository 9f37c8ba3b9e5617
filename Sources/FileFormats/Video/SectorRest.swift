// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What stands between the place where a chain of packets stops and the end of its sector: it tells
/// the end of a file, whose last sector is filled with zeros, from a gap in one.
///
/// Files and gaps begin with sectors, so zeros that begin inside one are the end of a file.
enum SectorRest {
  /// Zeros up to the end of the sector, in which the chain had something of its own: a file ends here.
  case zeros
  /// Nothing: the chain stops with a sector, or with the bytes at hand, or what it has of its last sector
  /// is zeros as well, so that it may have been cut before that.
  case none
  /// Other bytes: a file that was cut or has a gap.
  case foreign

  private static let sector: UInt64 = 512

  init(in file: Source, after end: ByteOffset) throws {
    let count = (Self.sector &- end.rawValue % Self.sector) % Self.sector
    let bytes = try file.readPrefix(at: end, count: ByteCount(count))
    if bytes.contains(where: { $0 != 0 }) {
      self = .foreign
      return
    }
    let start = ByteOffset(end.rawValue / Self.sector &* Self.sector)
    let own = try file.readPrefix(at: start, count: (start..<end).length)
    let isSlack = !bytes.isEmpty && UInt64(clamping: bytes.count) == count
    self = isSlack && own.contains { $0 != 0 } ? .zeros : .none
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
    case .zeros: return .whole(id, name, end: end)
    case .none: return .whole(id, name, end: end, and: [.endReasoned])
    case .foreign: throw Malformed(name, "its packets stop inside a sector", at: end)
    }
  }
}
