// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where tables start whose first sectors may be gone, as their entries tell it.
///
/// - Source: most clusters of a file follow one another, so that most entries hold their own number
///   plus one: an entry's place less that of its number is where the table starts.
struct TableVotes {
  /// The starts that most entries agree with, the best first.
  let places: [UInt64]

  /// So much is read before the data area.
  private static let reach: UInt64 = 32 << 20
  private static let window: UInt64 = 0x10_0000
  /// Fewer agree by chance.
  static let fewest = 24
  private static let most = 4

  /// - Parameters:
  ///   - dataStart: where the data area starts, in bytes of the source.
  ///   - isLarge: whether entries are those of FAT32, else of FAT16.
  init(
    _ source: Source, before dataStart: UInt64, isLarge: Bool, fewest: Int = TableVotes.fewest
  ) {
    var votes: [UInt64: Int] = [:]
    let end = min(dataStart, source.length.rawValue)
    // A sector that is not the first of a window starts a multiple of 512 before the data area.
    var place = end &- min(end, isLarge ? Self.reach : 0x8_0000) / 512 &* 512
    while place < end {
      let count = min(Self.window, end &- place)
      if let bytes = try? source.read(at: ByteOffset(place), count: ByteCount(count)) {
        Self.add(bytes, at: place, isLarge, to: &votes)
      }
      place &+= count
    }
    places = votes.filter { $0.value >= fewest && ($0.key &- end) % 512 == 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.most).map(\.key)
  }

  /// Adds the votes of four entries of each sector.
  private static func add(
    _ bytes: [UInt8], at place: UInt64, _ isLarge: Bool, to votes: inout [UInt64: Int]
  ) {
    for index in stride(from: 64, to: bytes.count - 3, by: 128) {
      let value: UInt64
      if isLarge {
        guard let word = try? bytes.little(UInt32.self, at: index) else { return }
        value = UInt64(word & 0x0FFF_FFFF)
      } else {
        guard let word = try? bytes.little(UInt16.self, at: index) else { return }
        value = UInt64(word)
      }
      let skip = (value &- min(value, 1)) &* (isLarge ? 4 : 2)
      guard value > 2, skip <= place &+ UInt64(index) else { continue }
      votes[place &+ UInt64(index) &- skip, default: 0] += 1
    }
  }
}
