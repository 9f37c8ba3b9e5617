// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A reflected 32-bit cyclic redundancy check, eight bytes at a time.
///
/// - Source: M. Kounavis and F. Berry, *A Systematic Approach to Building High Performance
///   Software-based CRC Generators* (slicing by eight).
package struct CRC32: Sendable {
  /// The two polynomials in use, reflected.
  package enum Polynomial: Sendable {
    /// ISO 3309: PNG, ZIP, gzip, GPT.
    case iso
    /// Castagnoli: ext4 and its journal.
    case castagnoli
  }

  private let table: [UInt32]
  private var state: UInt32

  /// - Parameter state: the register to start from, not inverted; ext4 starts from a seed.
  package init(_ polynomial: Polynomial = .iso, state: UInt32 = 0xFFFF_FFFF) {
    table = polynomial == .iso ? Self.iso : Self.castagnoli
    self.state = state
  }

  /// The register as it stands, as ext4 stores it.
  package var register: UInt32 { state }

  /// The check value as PNG, ZIP and GPT store it: the register inverted.
  package var value: UInt32 { ~state }

  package mutating func update(_ bytes: RawSpan) {
    var crc = state
    let count = bytes.byteCount
    var index = 0
    // SAFETY: every load ends at or before `count`.
    unsafe bytes.withUnsafeBytes { input in
      unsafe table.withUnsafeBufferPointer { table in
        while index &+ 8 <= count {
          let word =
            unsafe UInt64(littleEndian: input.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            ^ UInt64(crc)
          let high = Int(truncatingIfNeeded: word >> 32)
          let low = Int(truncatingIfNeeded: word & 0xFFFF_FFFF)
          crc =
            unsafe table[0x700 &+ (low & 0xFF)] ^ table[0x600 &+ (low >> 8 & 0xFF)]
            ^ table[0x500 &+ (low >> 16 & 0xFF)] ^ table[0x400 &+ (low >> 24 & 0xFF)]
          crc ^=
            unsafe table[0x300 &+ (high & 0xFF)] ^ table[0x200 &+ (high >> 8 & 0xFF)]
            ^ table[0x100 &+ (high >> 16 & 0xFF)] ^ table[high >> 24 & 0xFF]
          index &+= 8
        }
        while index < count {
          let byte = unsafe input[index]
          crc = unsafe (crc >> 8) ^ table[Int(truncatingIfNeeded: (crc ^ UInt32(byte)) & 0xFF)]
          index &+= 1
        }
      }
    }
    state = crc
  }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withSpan { update($0) }
  }

  private static let iso = slices(0xEDB8_8320)
  private static let castagnoli = slices(0x82F6_3B78)

  /// Eight tables of 256 entries, one behind the other.
  private static func slices(_ polynomial: UInt32) -> [UInt32] {
    var table = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ polynomial : crc >> 1 }
      table[byte] = crc
    }
    for index in 256..<table.count {
      let before = table[index - 256]
      table[index] = (before >> 8) ^ table[Int(before & 0xFF)]
    }
    return table
  }
}
