// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings

/// A member of a ZIP archive as its local header tells.
///
///     0   50 4B 03 04      6  u16 flags (1 encrypted, 8 sizes follow the data)
///     8   u16 method      14  u32 CRC-32   18 u32 packed size   22 u32 size
///     26  u16 name length 28  u16 extra length, then both, then the data
///
/// - Source: PKWARE, *APPNOTE.TXT* 6.3.10, §4.3.7 and §4.5.3 (sizes of 64 bits).
struct ZIPMember {
  static let methods: Set<UInt16> = [
    0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 14, 19, 93, 94, 95, 96, 97, 98, 99,
  ]

  let start: ByteOffset
  let name: [UInt8]
  let method: UInt16
  let flags: UInt16
  let crc: UInt32
  let packedSize: UInt64
  let size: UInt64
  let data: ByteOffset
  let hasWideSizes: Bool

  var isEncrypted: Bool { flags & 1 != 0 }
  var sizesFollow: Bool { flags & 8 != 0 && packedSize == 0 }

  init(in file: Source, at start: ByteOffset) throws {
    let header = try file.read(at: start, count: 30)
    guard header.holds([0x50, 0x4B, 3, 4], at: 0) else {
      throw Malformed("ZIP", "a member does not start where it should", at: start)
    }
    self.start = start
    flags = try header.little(UInt16.self, at: 6)
    method = try header.little(UInt16.self, at: 8)
    crc = try header.little(UInt32.self, at: 14)
    let nameLength = ByteCount(UInt64(try header.little(UInt16.self, at: 26)))
    let extraLength = ByteCount(UInt64(try header.little(UInt16.self, at: 28)))
    guard Self.methods.contains(method), nameLength > 0, nameLength <= 0x4000 else {
      throw Malformed("ZIP", "the header of a member is wrong", at: start)
    }
    name = try file.read(at: start + 30, count: nameLength)
    let extra = try file.read(at: start + 30 + nameLength, count: extraLength)
    data = try start + 30 + nameLength + extraLength
    let packed = UInt64(try header.little(UInt32.self, at: 18))
    let plain = UInt64(try header.little(UInt32.self, at: 22))
    let wide = Self.wideSizes(extra)
    hasWideSizes = wide != nil
    size = plain == 0xFFFF_FFFF ? wide?.size ?? plain : plain
    packedSize = packed == 0xFFFF_FFFF ? wide?.packed ?? packed : packed
  }

  private static func wideSizes(_ extra: [UInt8]) -> (size: UInt64, packed: UInt64)? {
    var at = 0
    while let id = try? extra.little(UInt16.self, at: at),
      let length = try? extra.little(UInt16.self, at: at + 2)
    {
      if id == 1, let size = try? extra.little(UInt64.self, at: at + 4) {
        return (size, (try? extra.little(UInt64.self, at: at + 12)) ?? 0)
      }
      at += 4 + Int(length)
    }
    return nil
  }

  /// What checking the data showed.
  struct Check {
    let end: ByteOffset
    /// Whether the CRC-32 was computed, and holds.
    let isProven: Bool
    let output: [UInt8]
  }

  /// Decompresses the data and compares its CRC-32; what cannot be decompressed is passed over.
  ///
  /// Throws `Malformed` with the place where it breaks, and `Truncated`.
  ///
  /// - Parameters:
  ///   - collect: how much of the content to hand back.
  ///   - budget: what may still come out of all members together.
  func check(in file: Source, collect: Int, budget: inout UInt64) throws -> Check {
    if method == 0, !isEncrypted { return try checkStored(in: file, collect: collect) }
    guard !isEncrypted, let inflated = try decode(file, collect: collect, limit: budget) else {
      guard !sizesFollow else { throw Unsupported("an encrypted member of unknown size") }
      let end = try data + ByteCount(packedSize)
      guard end <= file.range.upperBound else { throw Truncated() }
      return Check(end: try descriptorEnd(in: file, at: end), isProven: false, output: [])
    }
    let consumed = inflated.consumed.addingClamped(headerSize)
    let end = data.advancedClamped(by: consumed)
    switch inflated.end {
    case .truncated: throw Truncated()
    case .corrupt:
      throw Malformed(
        "ZIP", "the data of a member cannot be decompressed", at: end, noticed: within(end))
    case .tooLong, .notHandled: throw Unsupported("an archive that expands beyond all measure")
    case .complete: break
    }
    budget = budget > inflated.produced ? budget - inflated.produced : 0
    if sizesFollow {
      let behind = try descriptorEnd(
        in: file, at: end, crc: inflated.crc, packed: consumed.rawValue,
        size: inflated.produced)
      return Check(end: behind, isProven: true, output: inflated.output)
    }
    guard inflated.crc == crc, consumed.rawValue == packedSize,
      inflated.produced == size
    else {
      throw Malformed("ZIP", "the checksum of a member is wrong", at: data, noticed: within(end))
    }
    return Check(end: try descriptorEnd(in: file, at: end), isProven: true, output: inflated.output)
  }

  /// The place, or the end of the data where that comes first.
  private func within(_ place: ByteOffset) -> ByteOffset {
    sizesFollow ? place : min(place, data.advancedClamped(by: ByteCount(packedSize)))
  }

  /// What a member's data has in front of LZMA: a version, a size, five bytes of properties.
  private var headerSize: ByteCount { method == Method.lzma ? 9 : 0 }

  private enum Method {
    static let deflate: UInt16 = 8
    static let bzip2: UInt16 = 12
    static let lzma: UInt16 = 14
    static let zstandard: UInt16 = 93
    static let xz: UInt16 = 95
  }

  /// Decompresses the data; nil where the method is none that we have.
  private func decode(_ file: Source, collect: Int, limit: UInt64) throws -> Decoding? {
    switch method {
    case Method.deflate:
      return try .inflate(file, from: data, collect: collect, limit: limit)
    case Method.bzip2:
      return try .bzip2(file, from: data, collect: collect, sums: true, limit: limit)
    case Method.zstandard:
      return try .zstandard(file, from: data, collect: collect, sums: true, limit: limit)
    case Method.xz:
      return try .lzma(
        file, from: data, wrapper: .xz, collect: collect, sums: true, limit: limit)
    case Method.lzma:
      let head = try file.read(at: data, count: headerSize)
      let hasEndMark = flags & 2 != 0
      guard try head.little(UInt16.self, at: 2) == 5, hasEndMark || !sizesFollow else {
        return nil
      }
      return try .lzma(
        file, from: data + headerSize,
        wrapper: .lzma(
          properties: head[4], window: head.little(at: 5), size: hasEndMark ? nil : size),
        collect: collect, sums: true, limit: limit)
    default: return nil
    }
  }

  private func checkStored(in file: Source, collect: Int) throws -> Check {
    if sizesFollow, let check = try checkStoredStream(in: file, collect: collect) { return check }
    let end = try data + ByteCount(packedSize)
    guard end <= file.range.upperBound else { throw Truncated() }
    guard try file.crc32(of: data..<end) == crc || sizesFollow else {
      throw Malformed("ZIP", "the checksum of a member is wrong", at: data, noticed: end)
    }
    let count = min(ByteCount(clamping: collect), ByteCount(packedSize))
    return Check(
      end: try descriptorEnd(in: file, at: end), isProven: true,
      output: try file.read(at: data, count: count))
  }

  /// Stored data of unknown size ends where a descriptor states the distance from its start, and the
  /// CRC-32 of what lies between; nil where none does.
  private func checkStoredStream(in file: Source, collect: Int) throws -> Check? {
    var position = data
    var sum = CRC32(.iso)
    var summed = data
    let stop = min(file.range.upperBound, data.advancedClamped(by: Self.longestSearch))
    while position < stop {
      let next = min(position.advancedClamped(by: 0x10_0000), stop)
      // A mark across two pieces is met in the second.
      let end = min(next.advancedClamped(by: 3), file.range.upperBound)
      for mark in try file.withBytes(in: position..<end, Self.marks) {
        let place = position.advancedClamped(by: ByteCount(clamping: mark))
        let size = UInt64(try file.little(UInt32.self, at: place + 8))
        let length = (data..<place).length
        guard size == length.rawValue & 0xFFFF_FFFF else { continue }
        try file.add(summed..<place, to: &sum)
        summed = place
        guard try file.little(UInt32.self, at: place + 4) == sum.value else { continue }
        let isWide = try hasWideSizes || file.little(UInt32.self, at: place + 12) == 0 && size > 0
        return Check(
          end: try place + (isWide ? 24 : 16), isProven: true,
          output: try file.read(at: data, count: min(length, ByteCount(clamping: collect))))
      }
      position = next
    }
    return nil
  }

  private static let longestSearch: ByteCount = 0x800_0000

  /// Where descriptors may start.
  private static func marks(_ bytes: RawSpan) -> [Int] {
    var places: [Int] = []
    var from = 0
    while let place = bytes.firstIndex(of: [0x50, 0x4B, 7, 8], from: from) {
      places.append(place)
      from = place + 4
    }
    return places
  }

  /// The end of a descriptor that repeats what the header already says; none need follow.
  private func descriptorEnd(in file: Source, at end: ByteOffset) throws -> ByteOffset {
    guard flags & 8 != 0 else { return end }
    let bytes = try file.readPrefix(at: end, count: 8)
    if bytes.holds([0x50, 0x4B, 7, 8], at: 0) { return try end + (hasWideSizes ? 24 : 16) }
    // The mark is optional.
    guard crc != 0, (try? bytes.little(UInt32.self, at: 0)) == crc,
      (try? bytes.little(UInt32.self, at: 4)) == UInt32(truncatingIfNeeded: packedSize)
    else { return end }
    return try end + (hasWideSizes ? 20 : 12)
  }

  /// The end of the descriptor behind the data: an optional mark, the CRC-32, both sizes.
  private func descriptorEnd(
    in file: Source, at end: ByteOffset, crc: UInt32, packed: UInt64, size: UInt64
  ) throws -> ByteOffset {
    let bytes = try file.readPrefix(at: end, count: 24)
    let at = bytes.holds([0x50, 0x4B, 7, 8], at: 0) ? 4 : 0
    guard try bytes.little(UInt32.self, at: at) == crc else {
      throw Malformed("ZIP", "the checksum of a member is wrong", at: end)
    }
    if try UInt64(bytes.little(UInt32.self, at: at + 4)) == packed & 0xFFFF_FFFF,
      try UInt64(bytes.little(UInt32.self, at: at + 8)) == size & 0xFFFF_FFFF, !hasWideSizes
    {
      return try end + ByteCount(clamping: at + 12)
    }
    guard try bytes.little(UInt64.self, at: at + 4) == packed,
      try bytes.little(UInt64.self, at: at + 12) == size
    else { throw Malformed("ZIP", "the sizes of a member are wrong", at: end) }
    return try end + ByteCount(clamping: at + 20)
  }
}
