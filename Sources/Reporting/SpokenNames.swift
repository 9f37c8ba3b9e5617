// SPDX-License-Identifier: Apache-2.0

/// Which of many names stand in a few texts, as words of their own. Each name costs a look-up of its first
/// three bytes, and no more than that where they stand nowhere.
struct SpokenNames {
  private let bytes: [UInt8]
  private var places: [UInt32: [Int]] = [:]
  private var names: Set<[UInt8]> = []

  /// Shorter ones would be found in all texts.
  private static let shortest = 3

  init(in texts: [String]) {
    bytes = Array(texts.joined(separator: "\n").utf8)
    for position in bytes.indices.dropLast(Self.shortest - 1) {
      places[key(at: position, of: bytes), default: []].append(position)
    }
  }

  /// The names that were looked for and found, the longest first.
  var found: [[UInt8]] {
    names.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1)
    }
  }

  mutating func look(for name: [UInt8]) {
    guard name.count >= Self.shortest, !names.contains(name) else { return }
    let candidates = places[key(at: 0, of: name)] ?? []
    if candidates.contains(where: { Self.stands(name, in: bytes, at: $0) }) { names.insert(name) }
  }

  private func key(at position: Int, of bytes: [UInt8]) -> UInt32 {
    UInt32(bytes[position]) << 16 | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2])
  }

  /// Whether `name` stands at `position`, and no letter or digit right before or behind it.
  static func stands(_ name: [UInt8], in bytes: [UInt8], at position: Int) -> Bool {
    let end = position + name.count
    guard end <= bytes.count, bytes[position] == name.first,
      bytes[position..<end].elementsEqual(name)
    else { return false }
    return (position == 0 || !isWord(bytes[position - 1]))
      && (end == bytes.count || !isWord(bytes[end]))
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }
}
