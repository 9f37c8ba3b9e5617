// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of a 7z archive, as far as it tells what was packed how: properties, each with a number
/// in front.
///
///     1 header: [2 properties] [3 more streams] [4 streams] [5 files] 0
///     23 packed header: streams
///
/// - Source: I. Pavlov, *7z Format description*, "Header structure".
struct SevenZipHeader {
  /// Whether it says only where the true header is packed.
  let isPacked: Bool
  let streams: SevenZipStreams

  init(_ bytes: [UInt8]) throws {
    var reader = SevenZipReader(bytes)
    switch try reader.byte() {
    case 23:
      isPacked = true
      streams = try SevenZipStreams(&reader)
    case 1:
      isPacked = false
      var id = try reader.byte()
      if id == 2 {
        while try reader.number() != 0 { try reader.skip(reader.count()) }
        id = try reader.byte()
      }
      guard id == 4 else { throw Malformed("7z", "a header without streams") }
      streams = try SevenZipStreams(&reader)
    default: throw Malformed("7z", "no header starts here")
    }
  }
}

/// Reads the numbers of a 7z header one after the other.
struct SevenZipReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func byte() throws -> UInt8 {
    defer { position += 1 }
    return try bytes.little(UInt8.self, at: position)
  }

  /// A number whose first byte tells by its leading ones how many bytes follow.
  mutating func number() throws -> UInt64 {
    let first = try byte()
    var value: UInt64 = 0
    var mask: UInt8 = 0x80
    for index in 0..<8 {
      if first & mask == 0 {
        let high = UInt64(first & (mask &- 1))
        return value | high << UInt64(8 * index)
      }
      value |= UInt64(try byte()) << UInt64(8 * index)
      mask >>= 1
    }
    return value
  }

  /// A number of things that the header holds, which are at least as many bytes.
  mutating func count() throws -> Int {
    let value = try number()
    guard value <= UInt64(clamping: bytes.count) else { throw Truncated() }
    return Int(clamping: value)
  }

  mutating func skip(_ count: Int) throws {
    guard count <= bytes.count - position else { throw Truncated() }
    position += count
  }

  mutating func copy(_ count: Int) throws -> [UInt8] {
    defer { position += count }
    return try bytes.copy(at: position, count: count)
  }

  mutating func word() throws -> UInt32 {
    defer { position += 4 }
    return try bytes.little(at: position)
  }

  /// A bit for each of `count` things, the highest first.
  mutating func bits(_ count: Int) throws -> [Bool] {
    let packed = try copy((count + 7) / 8)
    return (0..<count).map { packed[$0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
  }

  /// The checksums of `count` things; nil where one has none.
  mutating func digests(_ count: Int) throws -> [UInt32?] {
    let isDefined =
      try byte() != 0 ? [Bool](repeating: true, count: count) : bits(count)
    return try isDefined.map { try $0 ? word() : nil }
  }
}
