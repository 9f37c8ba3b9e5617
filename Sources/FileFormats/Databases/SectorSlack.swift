// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The rest of the sector in which a file without end mark seems to end.
enum SectorSlack {
  private static let sector: UInt64 = 512

  /// Whether nothing but zeros stands between `offset` and the end of its sector, as behind files:
  /// records that break in the middle of other bytes were cut off by a foreign block.
  static func isEmpty(in file: Source, from offset: ByteOffset) throws -> Bool {
    let rest = (sector &- offset.rawValue % sector) % sector
    return try file.readPrefix(at: offset, count: ByteCount(rest)).allSatisfy { $0 == 0 }
  }
}
