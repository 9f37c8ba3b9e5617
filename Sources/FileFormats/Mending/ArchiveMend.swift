// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Gives a ZIP archive a directory over its whole members, where its own is missing.
///
/// - Source: PKWARE, *APPNOTE.TXT* 6.3.10, §4.3.12 "Central directory structure", §4.3.16.
enum ArchiveMend {
  private static let mostMembers = 0xFFFE
  private static let mostOutput: UInt64 = 1 << 32

  static func zip(_ file: Source) throws -> Mend? {
    var entries: [UInt8] = []
    var count: UInt16 = 0
    var position: ByteOffset = 0
    var budget = mostOutput
    while Int(count) < mostMembers, position.rawValue < UInt64(UInt32.max),
      let member = try? ZIPMember(in: file, at: position),
      let check = try? member.check(in: file, collect: 0, budget: &budget),
      check.end <= file.range.upperBound
    {
      if let entry = try entry(of: member, end: check.end, in: file) {
        entries += entry
        count += 1
      }
      position = check.end
    }
    guard count > 0, file.length.rawValue < UInt64(UInt32.max), entries.count < 0x400_0000 else {
      return nil
    }
    var added = entries + [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    added += little(UInt64(count), 2) + little(UInt64(count), 2)
    added += little(UInt64(entries.count), 4) + little(file.length.rawValue, 4) + [0, 0]
    return Mend(.archiveDirectory, kept: file.length, added: added)
  }

  private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }

  /// The directory's entry of a member; nil where its sizes need 64 bits.
  private static func entry(
    of member: ZIPMember, end: ByteOffset, in file: Source
  ) throws -> [UInt8]? {
    var crc = member.crc
    var packed = member.packedSize
    var size = member.size
    if member.sizesFollow {
      guard end.rawValue >= 12 else { return nil }
      let tail = try file.read(at: ByteOffset(end.rawValue - 12), count: 12)
      crc = try tail.little(UInt32.self, at: 0)
      packed = UInt64(try tail.little(UInt32.self, at: 4))
      size = UInt64(try tail.little(UInt32.self, at: 8))
      let between = end.rawValue.subtractingReportingOverflow(member.data.rawValue)
      guard !between.overflow, [packed + 12, packed + 16].contains(between.partialValue) else {
        return nil
      }
    }
    guard packed < UInt64(UInt32.max), size < UInt64(UInt32.max) else { return nil }
    let header = try file.read(at: member.start, count: 30)
    // What is needed, flags, method and time stand in the same order in both.
    return [0x50, 0x4B, 1, 2, 20, 0] + header[4..<14] + little(UInt64(crc), 4) + little(packed, 4)
      + little(size, 4) + header[26..<28] + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      + little(member.start.rawValue, 4) + member.name
  }
}
