// SPDX-License-Identifier: Apache-2.0

/// The eleven bytes of a short name: eight of the base, three of the extension, padded by spaces.
enum ShortName {
  /// The checksum that each slot of a long name carries.
  ///
  /// - Source: Microsoft, *FAT32 File System Specification* 1.03, "Long Directory Entries".
  static func checksum(_ name: [UInt8]) -> UInt8 {
    name.reduce(0) { (($0 & 1) << 7) &+ ($0 >> 1) &+ $1 }
  }

  /// The first byte that gives this checksum with the ten bytes behind it: there is exactly one,
  /// since each step is a bijection of the sum before it.
  static func firstByte(before rest: [UInt8], checksum: UInt8) -> UInt8 {
    var sum = checksum
    for byte in rest.reversed() {
      let rotated = sum &- byte
      sum = rotated << 1 | rotated >> 7
    }
    return sum
  }

  /// As text, with the lower-case bits that Windows NT sets instead of writing a long name.
  static func text(_ name: [UInt8], lowerCase flags: UInt8, in page: CodePage = .cp850) -> String {
    let page = page.orBetter(for: name)
    func part(_ bytes: ArraySlice<UInt8>, lower: Bool) -> String {
      var kept = bytes
      while kept.last == 0x20 { kept.removeLast() }
      let text = String(String.UnicodeScalarView(kept.map(page.scalar)))
      return lower ? text.lowercased() : text
    }
    let base = part(name.prefix(8), lower: flags & 0x08 != 0)
    let ending = part(name.dropFirst(8), lower: flags & 0x10 != 0)
    return ending.isEmpty ? base : base + "." + ending
  }
}
