// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Reads the entries of a directory, cluster by cluster, joining long names to short ones.
struct DirectoryParser {
  /// One slot of a long name: thirteen UTF-16 units.
  private struct Slot {
    let isDeleted: Bool
    let checksum: UInt8
    let units: [UInt16]
  }

  private let isLarge: Bool
  private let page: CodePage
  /// What the names that are there in both forms say of the short ones' character set.
  private(set) var votes = CodePageVotes()
  private var slots: [Slot] = []
  private(set) var entries: [DirectoryEntry] = []
  /// Whether an entry said that none follow.
  private(set) var hasEnded = false

  /// - Parameter page: the character set of short names.
  init(isLarge: Bool, page: CodePage = .cp850) {
    self.isLarge = isLarge
    self.page = page
  }

  /// Reads what follows; `offset` is where `bytes` stand in the volume.
  mutating func parse(_ bytes: [UInt8], at offset: UInt64) {
    var index = 0
    while !hasEnded, index + 32 <= bytes.count {
      if bytes[index] == 0 { hasEnded = true } else { entry(bytes, index, offset &+ UInt64(index)) }
      index += 32
    }
  }

  private mutating func entry(_ bytes: [UInt8], _ index: Int, _ offset: UInt64) {
    let attributes = bytes[index + 11]
    if attributes & 0x3F == 0x0F {
      if slots.count >= 20 { slots.removeFirst() }
      slots.append(
        Slot(
          isDeleted: bytes[index] == 0xE5, checksum: bytes[index + 13],
          units: Self.unitPlaces.map {
            UInt16(bytes[index + $0]) | UInt16(bytes[index + $0 + 1]) << 8
          }))
      return
    }
    defer { slots.removeAll(keepingCapacity: true) }
    if bytes[index] == 0x2E { return }
    if attributes & 0xC0 != 0 { return }
    func word(_ at: Int) -> UInt16 {
      UInt16(bytes[index + at]) | UInt16(bytes[index + at + 1]) << 8
    }
    let isDeleted = bytes[index] == 0xE5
    var short = Array(bytes[index..<(index + 11)])
    let long = longName(of: short, isDeleted: isDeleted)
    if let long, short.contains(where: { $0 >= 0x80 }) {
      votes.add(CodePage.agreeing(short: short, isDeleted: isDeleted, long: long))
    }
    var firstLetter = DirectoryEntry.FirstLetter.kept
    if isDeleted {
      firstLetter = long == nil ? .lost : .computed
      short[0] = 0x5F
    } else if short[0] == 0x05 {
      short[0] = 0xE5
    }
    let text = long ?? ShortName.text(short, lowerCase: bytes[index + 12], in: page)
    entries.append(
      DirectoryEntry(
        offset: offset, isDeleted: isDeleted, isDirectory: attributes & 0x18 == 0x10,
        isLabel: attributes & 0x08 != 0, name: RawName(text), hasLongName: long != nil,
        firstLetter: firstLetter, high: isLarge ? word(0x14) : 0, low: word(0x1A),
        size: UInt32(word(0x1C)) | UInt32(word(0x1E)) << 16,
        times: Times(
          created: DirectoryEntry.timestamp(
            date: word(0x10), time: word(0x0E), hundredths: bytes[index + 13]),
          modified: DirectoryEntry.timestamp(date: word(0x18), time: word(0x16)),
          accessed: DirectoryEntry.timestamp(date: word(0x12)))))
  }

  /// The slots just before the short entry that carry one checksum, nearest first.
  private func longName(of short: [UInt8], isDeleted: Bool) -> String? {
    guard let checksum = slots.last?.checksum else { return nil }
    let first = ShortName.firstByte(before: Array(short.dropFirst()), checksum: checksum)
    // A first byte that no short name has is a checksum of another name.
    guard isDeleted ? first > 0x20 || first == 0x05 : first == short[0] else { return nil }
    var units: [UInt16] = []
    for slot in slots.reversed() {
      guard slot.checksum == checksum, slot.isDeleted == isDeleted else { break }
      units += slot.units
      if slot.units.contains(0) || units.count >= 260 { break }
    }
    let text = String(decoding: units.prefix { $0 != 0 && $0 != 0xFFFF }, as: UTF16.self)
    return text.isEmpty ? nil : text
  }

  static let unitPlaces = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30]
}
