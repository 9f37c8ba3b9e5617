// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// The CRC-32C that seals the metadata of version 5: over the whole structure with its own field as
/// zeros, stored little-endian.
///
/// - Source: *XFS Algorithms & Data Structures*, "Metadata Integrity".
enum Checksum {
  /// Whether the four bytes at `offset` are the checksum of all.
  static func holds(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard let stored = try? bytes.little(UInt32.self, at: offset) else { return false }
    var crc = CRC32(.castagnoli)
    bytes.withSpan { span in
      crc.update(span.extracting(0..<offset))
      crc.update([0, 0, 0, 0])
      crc.update(span.extracting((offset + 4)..<span.byteCount))
    }
    return crc.value == stored
  }
}
