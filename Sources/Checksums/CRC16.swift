// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The reflected 16-bit cyclic redundancy check of ARC and LHA, polynomial 0x8005.
package struct CRC16: Sendable {
  package private(set) var value: UInt16 = 0

  package init() {}

  package mutating func update(_ bytes: [UInt8]) {
    for byte in bytes {
      value = value >> 8 ^ Self.table[Int((value ^ UInt16(byte)) & 0xFF)]
    }
  }

  private static let table: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
  }
}
