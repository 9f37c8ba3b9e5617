// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The directory of an icon file, checked entry by entry.
struct ICODirectory {
  struct Entry {
    let width: UInt8
    let size: UInt64
    let offset: UInt64
    var end: UInt64 { offset &+ size }
  }

  let isCursor: Bool
  /// In the order in which they lie in the file.
  let entries: [Entry]

  /// Throws `Malformed` where none can be; entries that lie beyond `bytes` are left out.
  init(parsing bytes: [UInt8]) throws {
    let isCursor = try bytes.little(UInt16.self, at: 2) == 2
    let count = Int(try bytes.little(UInt16.self, at: 4))
    guard (1...256).contains(count) else { throw Malformed("ICO", "\(count) entries", at: 4) }
    let entries = try (0..<count).filter { 22 + 16 * $0 <= bytes.count }.map { index in
      let at = 6 + 16 * index
      let first = try bytes.little(UInt16.self, at: at + 4)
      let second = try bytes.little(UInt16.self, at: at + 6)
      let entry = Entry(
        width: bytes[at], size: UInt64(try bytes.little(UInt32.self, at: at + 8)),
        offset: UInt64(try bytes.little(UInt32.self, at: at + 12)))
      let isPlausible =
        isCursor
        ? first <= 512 && second <= 512
        : first <= 32 && second <= 32
      guard isPlausible, [0, 255].contains(bytes[at + 3]), entry.size >= 40,
        entry.size < 0x100_0000, entry.offset >= UInt64(6 + 16 * count),
        entry.offset < 0x1000_0000
      else { throw Malformed("ICO", "an impossible entry", at: ByteOffset(UInt64(at))) }
      return entry
    }.sorted { $0.offset < $1.offset }
    guard let first = entries.first, first.offset < UInt64(6 + 16 * count + 4096),
      zip(entries, entries.dropFirst()).allSatisfy({
        $0.end <= $1.offset || ($0.offset == $1.offset && $0.size == $1.size)
      })
    else { throw Malformed("ICO", "its pictures overlap", at: 6) }
    self.isCursor = isCursor
    self.entries = entries
  }

  /// Whether the first picture, if it lies in these bytes, starts as one does.
  func resembles(_ bytes: [UInt8]) -> Bool {
    guard let first = entries.first, first.offset &+ 16 <= UInt64(bytes.count) else { return true }
    return ICOWalk.isPicture(bytes, at: Int(clamping: first.offset), width: first.width)
  }
}
