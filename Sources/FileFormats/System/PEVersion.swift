// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a Windows program calls itself, in its resource of kind 16.
///
/// Resources are a tree of three levels: kind, name, language. A directory counts its entries at 0x0C
/// and 0x0E; each entry, from 0x10 on, is an identity and a place, with the highest bit set where that
/// is a directory. A leaf is an address and a size.
///
/// - Source: Microsoft, *PE Format*, "The .rsrc Section"; *Menus and Other Resources*, "VERSIONINFO".
struct PEVersion {
  private static let version: UInt32 = 16
  private static let longest: ByteCount = 0x4000

  /// The description, else the product's name; nil where there is none.
  private(set) var description: String?

  /// - Parameter address: that of the tree in the running program, which leaves count from.
  init(_ file: Source, at tree: ByteOffset, address: UInt64) {
    guard let kind = try? Self.entry(file, tree, 0, where: { $0 == Self.version }),
      let name = try? Self.entry(file, tree, kind, where: { _ in true }),
      let leaf = try? Self.entry(file, tree, name, where: { _ in true }),
      let data = try? file.read(at: tree + ByteCount(UInt64(leaf)), count: 8),
      let place = try? UInt64(data.little(UInt32.self, at: 0)), place >= address,
      let size = try? UInt64(data.little(UInt32.self, at: 4)),
      let bytes = try? file.readPrefix(
        at: tree + ByteCount(place - address), count: min(ByteCount(size), Self.longest))
    else { return }
    description =
      Self.value("FileDescription", in: bytes) ?? Self.value("ProductName", in: bytes)
      ?? Self.value("OriginalFilename", in: bytes)
  }

  /// The place, without its highest bit, of the first entry of a directory that fits.
  private static func entry(
    _ file: Source, _ tree: ByteOffset, _ directory: UInt32, where fits: (UInt32) -> Bool
  ) throws -> UInt32? {
    let start = try tree + ByteCount(UInt64(directory))
    let head = try file.read(at: start, count: 16)
    let count = try Int(head.little(UInt16.self, at: 12)) + Int(head.little(UInt16.self, at: 14))
    let entries = try file.readPrefix(at: start + 16, count: ByteCount(clamping: 8 * count))
    for index in stride(from: 0, to: entries.count & ~7, by: 8)
    where fits(try entries.little(UInt32.self, at: index)) {
      return try entries.little(UInt32.self, at: index + 4) & 0x7FFF_FFFF
    }
    return nil
  }

  /// The text that follows a key, both in UTF-16, at the next multiple of four bytes.
  private static func value(_ key: String, in bytes: [UInt8]) -> String? {
    let word =
      key.utf16.flatMap { unit -> [UInt8] in [UInt8(truncatingIfNeeded: unit), 0] } + [0, 0]
    guard let found = bytes.withSpan({ $0.firstIndex(of: word) }) else { return nil }
    let start = (found + word.count + 3) & ~3
    let units = stride(from: start, to: min(start + 512, bytes.count & ~1), by: 2).compactMap {
      try? bytes.little(UInt16.self, at: $0)
    }
    return ContentText.trimmed(String(decoding: units.prefix { $0 != 0 }, as: UTF16.self))
  }
}
