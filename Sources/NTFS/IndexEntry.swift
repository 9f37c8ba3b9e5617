// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A name in a folder's index, present or left over behind the end of the entries.
///
///     0  u64  file   8  u16  length of the entry   10  u16  length of the name   16  FileName
///
/// An index block starts with "INDX" and an update sequence; its entries stand where they may.
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "Index Attributes and Data Structures".
struct IndexEntry: Hashable, Sendable {
  let file: FileReference
  let name: FileName

  /// Every entry in `bytes`, whether the index still counts it or not.
  static func all(in bytes: [UInt8], from first: Int) -> [IndexEntry] {
    var result: [IndexEntry] = []
    var at = first
    while at + 16 + FileName.headerSize < bytes.count {
      if let entry = IndexEntry(bytes, at: at) {
        result.append(entry)
        // An entry that another was written over may start inside this one: not in its name.
        at += (16 + FileName.headerSize) & ~7
      }
      at += 8
    }
    return result
  }

  /// Whether an entry starts at `offset`.
  static func stands(in bytes: [UInt8], at offset: Int) -> Bool {
    IndexEntry(bytes, at: offset) != nil
  }

  private init?(_ bytes: [UInt8], at offset: Int) {
    guard let key = try? bytes.little(UInt16.self, at: offset + 10),
      let characters = try? bytes.little(UInt8.self, at: offset + 16 + 0x40),
      Int(key) == FileName.headerSize + 2 * Int(characters),
      let length = try? bytes.little(UInt16.self, at: offset + 8),
      let file = try? bytes.little(UInt64.self, at: offset)
    else { return nil }
    let least = (16 + Int(key) + 7) & ~7
    guard Int(length) == least || Int(length) == least + 8,
      let name = FileName(bytes, at: offset + 16)
    else { return nil }
    self.file = FileReference(file)
    self.name = name
  }

  /// The length of an index block, by its update sequence; nil where none starts.
  static func blockLength(_ head: [UInt8]) -> ByteCount? {
    guard head.holds(Array("INDX".utf8), at: 0),
      let count = try? head.little(UInt16.self, at: 6), (2...129).contains(count)
    else { return nil }
    return ByteCount(UInt64(count - 1) * UInt64(UpdateSequence.stride))
  }
}
