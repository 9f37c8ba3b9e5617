// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A cyclic redundancy check that takes each byte's highest bit first, starts from zero and inverts
/// nothing; eight bytes at a time. `CRC32` is the reflected one.
///
/// The register stands at the top of 32 bits, whatever the width, so that one loop serves all.
///
/// - Source: M. Kounavis and F. Berry, *A Systematic Approach to Building High Performance
///   Software-based CRC Generators* (slicing by eight).
package struct ForwardCRC: Sendable {
  package enum Polynomial: Sendable {
    /// x⁸ + x² + x + 1: the heads of FLAC frames.
    case flacHeader
    /// x¹⁶ + x¹⁵ + x² + 1: FLAC frames, AC-3 frames.
    case ibm
    /// ISO 3309's, forward: Ogg pages.
    case ogg
  }

  private let table: [UInt32]
  private let shift: UInt32
  private var state: UInt32 = 0

  package init(_ polynomial: Polynomial) {
    switch polynomial {
    case .flacHeader: (table, shift) = (Self.flacHeader, 24)
    case .ibm: (table, shift) = (Self.ibm, 16)
    case .ogg: (table, shift) = (Self.ogg, 0)
    }
  }

  /// The check value in the polynomial's width; zero behind bytes that end in their own check value.
  package var value: UInt32 { state >> shift }

  package mutating func update(_ bytes: RawSpan) {
    var crc = state
    let count = bytes.byteCount
    var index = 0
    // SAFETY: every load ends at or before `count`; every index into the table is below 0x800.
    unsafe bytes.withUnsafeBytes { input in
      unsafe table.withUnsafeBufferPointer { table in
        while index &+ 8 <= count {
          let word =
            unsafe UInt64(bigEndian: input.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            ^ UInt64(crc) << 32
          let high = Int(truncatingIfNeeded: word >> 32)
          let low = Int(truncatingIfNeeded: word & 0xFFFF_FFFF)
          crc =
            unsafe table[0x700 &+ (high >> 24)] ^ table[0x600 &+ (high >> 16 & 0xFF)]
            ^ table[0x500 &+ (high >> 8 & 0xFF)] ^ table[0x400 &+ (high & 0xFF)]
          crc ^=
            unsafe table[0x300 &+ (low >> 24)] ^ table[0x200 &+ (low >> 16 & 0xFF)]
            ^ table[0x100 &+ (low >> 8 & 0xFF)] ^ table[low & 0xFF]
          index &+= 8
        }
        while index < count {
          let byte = unsafe UInt32(input[index])
          crc = unsafe (crc << 8) ^ table[Int(truncatingIfNeeded: (crc >> 24) ^ byte)]
          index &+= 1
        }
      }
    }
    state = crc
  }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withSpan { update($0) }
  }

  private static let flacHeader = slices(0x0700_0000)
  private static let ibm = slices(0x8005_0000)
  private static let ogg = slices(0x04C1_1DB7)

  /// Eight tables of 256 entries, one behind the other.
  private static func slices(_ polynomial: UInt32) -> [UInt32] {
    var table = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte) << 24
      for _ in 0..<8 { crc = crc >> 31 == 1 ? (crc << 1) ^ polynomial : crc << 1 }
      table[byte] = crc
    }
    for index in 256..<table.count {
      let before = table[index - 256]
      table[index] = (before << 8) ^ table[Int(before >> 24)]
    }
    return table
  }
}
