// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The twelve sectors at the start of a volume, or their copy behind them: the boot sector, and in
/// the last one a checksum over the others.
///
/// - Source: Microsoft, *exFAT File System Specification* 1.00, 3.4 "Main and Backup Boot Checksum
///   Sub-regions": volume flags (0x6A, 0x6B) and percent in use (0x70) are left out.
struct BootRegion: Sendable {
  let boot: BootSector
  let isBackup: Bool
  let checksumHolds: Bool

  static let sectors: UInt64 = 12

  /// The region that starts at `start`; nil where there is none, throws `ReadError`.
  init?(in source: Source, at start: UInt64, isBackup: Bool) throws {
    let first = try source.readPrefix(at: ByteOffset(start), count: 512)
    guard let boot = try? BootSector(parsing: first) else { return nil }
    self.boot = boot
    self.isBackup = isBackup
    let count = ByteCount(Self.sectors &* boot.sectorSize)
    let region = try? source.read(at: ByteOffset(start), count: count)
    checksumHolds = region.map { Self.checksumHolds($0, sectorSize: boot.sectorSize) } ?? false
  }

  /// The region in force: the first one whose checksum holds, or else the first.
  static func inForce(in source: Source) throws -> BootRegion? {
    var failure: (any Error)?
    var fallback: BootRegion?
    for sector in [0, 512, 1024, 2048, 4096] as [UInt64] {
      do {
        let start = sector &* sectors
        guard let region = try BootRegion(in: source, at: start, isBackup: sector > 0),
          sector == 0 || region.boot.sectorSize == sector
        else { continue }
        if region.checksumHolds { return region }
        if fallback == nil { fallback = region }
      } catch {
        failure = error
      }
    }
    if fallback == nil, let failure { throw failure }
    return fallback
  }

  private static func checksumHolds(_ bytes: [UInt8], sectorSize: UInt64) -> Bool {
    var sum: UInt32 = 0
    let end = Int(clamping: sectorSize &* 11)
    for (index, byte) in bytes.prefix(end).enumerated()
    where index != 0x6A && index != 0x6B && index != 0x70 {
      sum = (sum << 31 | sum >> 1) &+ UInt32(byte)
    }
    return (try? bytes.little(UInt32.self, at: end)) == sum
  }
}
