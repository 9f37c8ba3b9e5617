// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An attribute of a record: its value, or where its value lies.
///
///     0x00  u32  type; 0xFFFFFFFF ends the list   0x04  u32  length
///     0x08  u8   not resident        0x09  u8   characters of its name
///     0x0A  u16  offset of its name  0x0C  u16  1: compressed, 0x4000: encrypted, 0x8000: sparse
///     resident:      0x10  u32  bytes of the value   0x14  u16  its offset
///     not resident:  0x10  u64  first cluster of the file that is mapped here, 0x18  u64  last
///                    0x20  u16  offset of the run list
///                    0x22  u16  compression unit: 2^n clusters
///                    0x30  u64  size   0x38  u64  bytes written so far
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "Attributes".
struct Attribute: Sendable {
  struct Kind: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt32
    static let standardInformation = Self(rawValue: 0x10)
    static let attributeList = Self(rawValue: 0x20)
    static let fileName = Self(rawValue: 0x30)
    static let volumeName = Self(rawValue: 0x60)
    static let data = Self(rawValue: 0x80)
    static let indexRoot = Self(rawValue: 0x90)
    static let indexAllocation = Self(rawValue: 0xA0)
    static let reparsePoint = Self(rawValue: 0xC0)
  }

  /// A part of a value outside of the record.
  struct Mapping: Sendable {
    /// The first of the file's clusters that the runs describe.
    let first: UInt64
    /// Whole compression units are 2^n clusters; 0: none.
    let unit: UInt16
    let size: ByteCount
    /// Behind these bytes the value reads as zeros.
    let initialized: ByteCount
    /// Nil where the list is broken.
    let runs: [Run]?
  }

  enum Form: Sendable {
    case resident([UInt8])
    case mapped(Mapping)
  }

  let type: Kind
  let name: RawUTF16
  let flags: UInt16
  let form: Form

  var isCompressed: Bool { flags & 0xFF != 0 }
  var isEncrypted: Bool { flags & 0x4000 != 0 }

  /// The whole value, wherever it lies; nil where it is longer than `most` or cannot be read.
  func value(upTo most: ByteCount, _ geometry: Geometry, _ source: Source) -> [UInt8]? {
    switch form {
    case .resident(let value):
      return ByteCount(clamping: value.count) <= most ? value : nil
    case .mapped(let mapping):
      guard mapping.size <= most, let value = MappedValue([(self, mapping)]) else { return nil }
      let content = source.joined(value.extents(geometry, in: source))
      return try? content.readPrefix(at: 0, count: mapping.size)
    }
  }

  /// The attributes that stand in `bytes`, up to the first broken one.
  static func all(in bytes: [UInt8], from first: Int, to end: Int) -> [Attribute] {
    var result: [Attribute] = []
    var at = first
    while at + 16 <= end, let type = try? bytes.little(UInt32.self, at: at), type != 0xFFFF_FFFF,
      let length = try? bytes.little(UInt32.self, at: at + 4), length >= 16,
      Int(clamping: length) <= end - at,
      let slice = try? bytes.copy(at: at, count: Int(clamping: length))
    {
      if let attribute = Attribute(slice) { result.append(attribute) }
      at += Int(clamping: length)
    }
    return result
  }

  /// A name whose attribute is gone but for its value.
  init(fileName value: [UInt8]) {
    type = .fileName
    name = RawUTF16([])
    flags = 0
    form = .resident(value)
  }

  private init?(_ bytes: [UInt8]) {
    guard let type = try? bytes.little(UInt32.self, at: 0),
      let isMapped = try? bytes.little(UInt8.self, at: 8),
      let nameLength = try? bytes.little(UInt8.self, at: 9),
      let nameOffset = try? bytes.little(UInt16.self, at: 0x0A),
      let flags = try? bytes.little(UInt16.self, at: 0x0C),
      let name = try? bytes.copy(
        at: nameLength == 0 ? 0 : Int(nameOffset), count: 2 * Int(nameLength))
    else { return nil }
    self.type = Kind(rawValue: type)
    self.name = RawUTF16(name)
    self.flags = flags
    if isMapped == 0 {
      guard let length = try? bytes.little(UInt32.self, at: 0x10),
        let offset = try? bytes.little(UInt16.self, at: 0x14),
        let value = try? bytes.copy(at: Int(offset), count: Int(clamping: length))
      else { return nil }
      form = .resident(value)
    } else {
      guard let first = try? bytes.little(UInt64.self, at: 0x10),
        let offset = try? bytes.little(UInt16.self, at: 0x20),
        let unit = try? bytes.little(UInt16.self, at: 0x22),
        let size = try? bytes.little(UInt64.self, at: 0x30),
        let written = try? bytes.little(UInt64.self, at: 0x38), size < 1 << 62
      else { return nil }
      form = .mapped(
        Mapping(
          first: first, unit: unit, size: ByteCount(size), initialized: ByteCount(written),
          runs: Run.list(in: bytes, from: Int(offset), first: first)))
    }
  }
}
