// SPDX-License-Identifier: Apache-2.0

/// The 24-bit cyclic redundancy check of OpenPGP's armour.
///
/// - Source: RFC 4880, §6.1 "An Implementation of the CRC-24 in C".
package struct CRC24: Sendable {
  package private(set) var value: UInt32 = 0xB7_04CE

  package init() {}

  package mutating func update(_ byte: UInt8) {
    value ^= UInt32(byte) << 16
    for _ in 0..<8 {
      value <<= 1
      if value & 0x100_0000 != 0 { value ^= 0x186_4CFB }
    }
  }
}
