// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// The CRC-32C that seals ext4 metadata: not inverted at the end, and started from a seed that says
/// whose metadata it is.
enum ExtChecksum {
  static func crc(_ seed: UInt32, _ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32(.castagnoli, state: seed)
    crc.update(bytes)
    return crc.register
  }

  static func crc(_ seed: UInt32, _ number: UInt32) -> UInt32 {
    crc(seed, [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) })
  }

  /// What the metadata of one life of an inode is sealed with.
  static func seed(_ volume: UInt32, inode: UInt32, generation: UInt32) -> UInt32 {
    crc(crc(volume, inode), generation)
  }

  /// The volume's seed, given the seal of one life of an inode.
  static func seed(ofVolume seal: UInt32, inode: UInt32, generation: UInt32) -> UInt32 {
    func before(_ number: UInt32, _ register: UInt32) -> UInt32 {
      seed(
        before: [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }[...],
        after: register)
    }
    return before(inode, before(generation, seal))
  }

  /// The register before `bytes`, given the one after them: a block's checksum tells its owner.
  ///
  /// Each step of a CRC can be undone, since the highest byte of a table entry tells which it is.
  static func seed(before bytes: ArraySlice<UInt8>, after register: UInt32) -> UInt32 {
    var crc = register
    for byte in bytes.reversed() {
      let index = indexByHighByte[Int(crc >> 24)]
      crc = ((crc ^ table[Int(index)]) << 8) | UInt32(index ^ byte)
    }
    return crc
  }

  private static let table: [UInt32] = (0..<256).map { value in
    (0..<8).reduce(UInt32(value)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
  }

  private static let indexByHighByte: [UInt8] = {
    var result = [UInt8](repeating: 0, count: 256)
    for (index, entry) in table.enumerated() {
      result[Int(entry >> 24)] = UInt8(truncatingIfNeeded: index)
    }
    return result
  }()
}
