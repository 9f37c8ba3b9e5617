// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// One file or folder as a directory lists it, its long name included.
///
/// | Offset | Size | Field               | Unit                                        |
/// |-------:|-----:|---------------------|---------------------------------------------|
/// |   0x00 |   11 | short name          | first byte 0xE5: deleted; 0: end            |
/// |   0x0B |    1 | attributes          | 0x08 label, 0x10 directory, 0x0F long name  |
/// |   0x0C |    1 | lower-case flags    | 0x08 base, 0x10 extension                   |
/// |   0x0D |    1 | created             | 10 ms                                       |
/// |   0x0E |    4 | created             | time, date                                  |
/// |   0x12 |    2 | accessed            | date                                        |
/// |   0x14 |    2 | first cluster, high | FAT32 only                                  |
/// |   0x16 |    4 | modified            | time, date                                  |
/// |   0x1A |    2 | first cluster, low  |                                             |
/// |   0x1C |    4 | size                | bytes                                       |
///
/// - Source: Microsoft, *FAT32 File System Specification* 1.03, "FAT Directory Structure".
struct DirectoryEntry: Hashable, Sendable {
  enum FirstLetter: Sendable { case kept, computed, lost, guessed }

  /// Where the short entry stands in the volume.
  let offset: UInt64
  let isDeleted: Bool
  let isDirectory: Bool
  let isLabel: Bool
  private(set) var name: RawName
  let hasLongName: Bool
  private(set) var firstLetter: FirstLetter
  let high: UInt16
  let low: UInt16
  let size: UInt32
  let times: Times

  var start: UInt32 { UInt32(high) << 16 | UInt32(low) }

  /// The entry with a guess in place of a lost first letter; nil where none is needed or known.
  func completed(by letters: FirstLetters) -> DirectoryEntry? {
    guard firstLetter == .lost, let name = letters.completed(name) else { return nil }
    var entry = self
    entry.name = name
    entry.firstLetter = .guessed
    return entry
  }

  /// A date and time of FAT; nil where it is none.
  static func timestamp(date: UInt16, time: UInt16 = 0, hundredths: UInt8 = 0) -> Timestamp? {
    guard date != 0 else { return nil }
    let seconds = Int(time & 0x1F) * 2 + Int(min(hundredths, 199)) / 100
    return Timestamp(
      year: 1980 + Int(date >> 9), month: Int(date >> 5 & 15), day: Int(date & 31),
      hour: Int(time >> 11), minute: Int(time >> 5 & 63), second: seconds)
  }
}
