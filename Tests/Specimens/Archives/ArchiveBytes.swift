// SPDX-License-Identifier: Apache-2.0

import Checksums

/// Pieces that several archives are built of.
enum ArchiveBytes {
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32(.iso)
    crc.update(bytes)
    return crc.value
  }

  /// A deflate stream of one stored block, at most 65,535 bytes.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(bytes.count)
    return [1] + little(count) + little(~count) + bytes
  }

  static let text = Array(
    repeatElement(ascii("The harbor lies still; a ladder leans on the timber.\n"), count: 12)
      .joined())
}
