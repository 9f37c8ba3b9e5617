// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Structures in Thrift's compact protocol: fields with a type and the step from the last field's
/// number, up to a zero.
///
/// - Source: Apache Thrift, *Thrift Compact protocol encoding*.
struct ThriftCompact {
  private static let deepest = 24
  private static let mostItems: UInt64 = 0x1_0000

  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads a structure and gives those of its fields that are integers.
  mutating func integers(depth: Int = 0) throws -> [Int: Int64] {
    guard depth < Self.deepest else { throw Malformed("Thrift", "structures are nested too deep") }
    var fields: [Int: Int64] = [:]
    var number = 0
    while true {
      let head = try byte()
      if head == 0 { return fields }
      number = head >> 4 == 0 ? Int(clamping: try integer()) : number &+ Int(head >> 4)
      if let value = try value(head & 15, depth) { fields[number] = value }
    }
  }

  private mutating func byte() throws -> UInt8 {
    defer { position += 1 }
    return try bytes.little(UInt8.self, at: position)
  }

  private mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw Malformed("Thrift", "a number does not end")
  }

  private mutating func integer() throws -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// Passes a value, and gives it if it is an integer.
  private mutating func value(_ type: UInt8, _ depth: Int) throws -> Int64? {
    switch type {
    case 1, 2: return nil
    case 3: _ = try byte()
    case 4...6: return try integer()
    case 7: position += 8
    case 8:
      let count = try varint()
      guard count <= UInt64(clamping: bytes.count - min(position, bytes.count)) else {
        throw Truncated()
      }
      position += Int(clamping: count)
    case 9, 10:
      let head = try byte()
      let count = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
      guard count <= Self.mostItems else { throw Malformed("Thrift", "a list is too long") }
      for _ in 0..<count {
        // Truth values stand in a byte of their own here.
        if head & 15 <= 2 { _ = try byte() } else { _ = try value(head & 15, depth + 1) }
      }
    case 12: _ = try integers(depth: depth + 1)
    default: throw Malformed("Thrift", "a field has no type")
    }
    return nil
  }
}
