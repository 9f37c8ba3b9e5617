// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Which records hold the attributes of a file that one record has no room for.
///
///     0x00  u32  type          0x04  u16  length of the entry
///     0x06  u8   characters of the name   0x07  u8  its offset
///     0x08  u64  first cluster 0x10  u64  record
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "$ATTRIBUTE_LIST Attribute".
struct AttributeList: Sendable {
  struct Entry: Sendable {
    let type: Attribute.Kind
    let name: RawUTF16
    let first: UInt64
    let file: FileReference
  }

  /// What Windows allows at most.
  private static let longest: ByteCount = 0x4_0000

  let entries: [Entry]

  init(of record: Record, _ geometry: Geometry, _ source: Source) {
    // A record has one.
    let list = record.attributes.first { $0.type == .attributeList }
    let bytes = list?.value(upTo: Self.longest, geometry, source) ?? []
    var entries: [Entry] = []
    var at = 0
    while let type = try? bytes.little(UInt32.self, at: at),
      let length = try? bytes.little(UInt16.self, at: at + 4), length >= 0x18,
      let characters = try? bytes.little(UInt8.self, at: at + 6),
      let offset = try? bytes.little(UInt8.self, at: at + 7),
      let first = try? bytes.little(UInt64.self, at: at + 8),
      let file = try? bytes.little(UInt64.self, at: at + 0x10)
    {
      let name = (try? bytes.copy(at: at + Int(offset), count: 2 * Int(characters))) ?? []
      entries.append(
        Entry(
          type: Attribute.Kind(rawValue: type), name: RawUTF16(name), first: first,
          file: FileReference(file)))
      at += Int(length)
    }
    self.entries = entries
  }
}
