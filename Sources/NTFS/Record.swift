// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A record of the MFT: a header, then attributes.
///
///     0x00  c×4  "FILE"               0x04  update sequence
///     0x08  u64  place in $LogFile    0x10  u16  sequence: the record's life
///     0x14  u16  first attribute      0x16  u16  1: in use, 2: a folder
///     0x18  u32  bytes used           0x1C  u32  bytes allocated
///     0x20  u64  base record; 0: this is one
///     0x2C  u32  own number, since Windows XP
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "MFT Entries".
struct Record: Sendable {
  let sequence: UInt16
  let isInUse: Bool
  let isFolder: Bool
  /// The record that this one extends.
  let base: FileReference?
  /// Its own number; nil where the format is too old to tell.
  let ownNumber: UInt64?
  let attributes: [Attribute]
  /// The whole record, update sequence undone.
  let bytes: [UInt8]

  /// Reads a record as it lies on the disk; nil where there is none, or it was torn.
  init?(_ raw: [UInt8]) {
    guard raw.holds(Array("FILE".utf8), at: 0), let bytes = UpdateSequence.undone(raw),
      let sequence = try? bytes.little(UInt16.self, at: 0x10),
      let first = try? bytes.little(UInt16.self, at: 0x14),
      let flags = try? bytes.little(UInt16.self, at: 0x16),
      let used = try? bytes.little(UInt32.self, at: 0x18),
      let base = try? bytes.little(UInt64.self, at: 0x20),
      let array = try? bytes.little(UInt16.self, at: 4),
      first >= 0x28, Int(first) <= bytes.count
    else { return nil }
    self.sequence = sequence
    isInUse = flags & 1 != 0
    isFolder = flags & 2 != 0
    self.base = base == 0 ? nil : FileReference(base)
    ownNumber = array >= 0x30 ? (try? bytes.little(UInt32.self, at: 0x2C)).map(UInt64.init) : nil
    attributes = Attribute.all(
      in: bytes, from: Int(first), to: min(Int(clamping: used), bytes.count))
    self.bytes = bytes
  }

  /// The length that the record which starts with `head` says it has, in bytes; nil where none does.
  static func size(in head: [UInt8]?) -> Int? {
    guard let head, head.holds(Array("FILE".utf8), at: 0),
      let size = try? head.little(UInt32.self, at: 0x1C), (512...0x1_0000).contains(size),
      size & (size - 1) == 0, let count = try? head.little(UInt16.self, at: 6),
      (Int(count) - 1) * UpdateSequence.stride == Int(size)
    else { return nil }
    return Int(size)
  }

  /// What names and indexes call the life that the record describes; deletion counted it up by one.
  func reference(_ number: UInt64) -> FileReference {
    FileReference(number: number, sequence: isInUse ? sequence : sequence &- 1)
  }

  /// The name that a record which extended another held alone, and of which deleting it left all but
  /// the first eight bytes of the attribute; nil where there is none.
  var erasedName: Attribute? {
    guard !isInUse, base != nil, attributes.isEmpty,
      let first = try? bytes.little(UInt16.self, at: 0x14),
      let length = try? bytes.little(UInt32.self, at: Int(first) + 0x10),
      (try? bytes.little(UInt16.self, at: Int(first) + 0x14)) == 0x18,
      let value = try? bytes.copy(at: Int(first) + 0x18, count: Int(clamping: length)),
      FileName(value, at: 0) != nil,
      Int(length) == FileName.headerSize + 2 * Int(value[0x40])
    else { return nil }
    return Attribute(fileName: value)
  }

  /// The names in this record.
  var names: [FileName] {
    attributes.compactMap { attribute in
      guard attribute.type == .fileName, case .resident(let value) = attribute.form else {
        return nil
      }
      return FileName(value, at: 0)
    }
  }

  var standardInformation: StandardInformation? {
    for attribute in attributes where attribute.type == .standardInformation {
      if case .resident(let value) = attribute.form { return StandardInformation(value) }
    }
    return nil
  }
}
