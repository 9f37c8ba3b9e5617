// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The streams and storages of a compound file: entries of 128 bytes, linked to trees.
///
///     0 name in UTF-16   64 u16 its length   66 u8 kind (1 storage, 2 stream, 5 root)
///     68 u32 left   72 u32 right   76 u32 child   80 class   116 u32 first sector   120 u64 size
///
/// - Source: Microsoft, *[MS-CFB]*, §2.6 "Compound file directory sectors".
struct CompoundDirectory {
  struct Entry {
    let name: String
    let kind: UInt8
    let left: UInt32
    let right: UInt32
    let child: UInt32
    let classID: [UInt8]
    let start: UInt32
    let size: UInt64

    var isStream: Bool { kind == 2 }
    var isRoot: Bool { kind == 5 }
  }

  private static let mostSectors = 65_536

  /// Those in use, the root first.
  let entries: [Entry]
  /// What lies in the root itself, not in a storage below it; all there is where its tree is broken.
  let top: [Entry]

  var root: Entry { entries[0] }

  init(_ compound: CompoundFile) throws {
    var byNumber: [Entry?] = []
    for sector in compound.chain(from: compound.directoryStart).prefix(Self.mostSectors) {
      let place = compound.offset(of: sector)
      let bytes = try compound.file.read(at: place, count: ByteCount(compound.sectorSize))
      for at in stride(from: 0, to: bytes.count, by: 128) {
        byNumber.append(try Self.entry(bytes, at: at, place: place, compound.sectorSize))
      }
    }
    guard let root = byNumber.first ?? nil, root.isRoot else {
      throw Malformed(
        "compound file", "its directory has no root",
        at: compound.offset(of: compound.directoryStart))
    }
    entries = byNumber.compactMap(\.self)
    let tree = Self.tree(from: root.child, in: byNumber)
    top = tree.contains { $0.isStream } ? tree : entries
  }

  /// A stream of the root by its name.
  func stream(_ name: String) -> Entry? { top.first { $0.isStream && $0.name == name } }

  private static func entry(
    _ bytes: [UInt8], at: Int, place: ByteOffset, _ sectorSize: UInt64
  ) throws -> Entry? {
    let kind = try bytes.little(UInt8.self, at: at + 66)
    guard kind != 0 else { return nil }
    let length = Int(try bytes.little(UInt16.self, at: at + 64))
    guard [1, 2, 5].contains(kind), (0...64).contains(length), length % 2 == 0 else {
      throw Malformed("compound file", "an entry of its directory is wrong", at: place)
    }
    let units = try stride(from: at, to: at + max(length, 2) - 2, by: 2).map {
      try bytes.little(UInt16.self, at: $0)
    }
    let size = try bytes.little(UInt64.self, at: at + 120)
    return Entry(
      name: String(decoding: units, as: UTF16.self), kind: kind,
      left: try bytes.little(UInt32.self, at: at + 68),
      right: try bytes.little(UInt32.self, at: at + 72),
      child: try bytes.little(UInt32.self, at: at + 76),
      classID: try bytes.copy(at: at + 80, count: 16),
      start: try bytes.little(UInt32.self, at: at + 116),
      // Old writers leave rubbish in the upper half.
      size: sectorSize == 512 ? size & 0xFFFF_FFFF : size)
  }

  /// The entries of one tree; links that lead nowhere are passed over.
  private static func tree(from first: UInt32, in entries: [Entry?]) -> [Entry] {
    var found: [Entry] = []
    var seen: Set<UInt32> = []
    var open = [first]
    while let number = open.popLast() {
      guard Int(clamping: number) < entries.count, seen.insert(number).inserted,
        let entry = entries[Int(clamping: number)]
      else { continue }
      found.append(entry)
      open += [entry.left, entry.right]
    }
    return found
  }
}
