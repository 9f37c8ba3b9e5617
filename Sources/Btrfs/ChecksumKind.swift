// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// The checksum that a file system seals its nodes and data blocks with, by its number.
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `enum btrfs_csum_type`.
enum ChecksumKind: UInt16, Sendable {
  case crc32c = 0
  case xxhash64 = 1
  case sha256 = 2
  case blake2b = 3

  /// Bytes that one takes.
  var byteCount: Int {
    switch self {
    case .crc32c: 4
    case .xxhash64: 8
    case .sha256, .blake2b: 32
    }
  }

  var name: String {
    switch self {
    case .crc32c: "CRC-32C"
    case .xxhash64: "xxHash64"
    case .sha256: "SHA-256"
    case .blake2b: "BLAKE2b"
    }
  }

  /// Whether it can be computed; where not, metadata is believed and no content counts as checked.
  var isHandled: Bool { self == .crc32c || self == .sha256 }

  /// Whether `bytes` have the checksum that stands at `offset` of `stored`; true where it cannot be
  /// computed.
  func holds(over bytes: RawSpan, stored: [UInt8], at offset: Int = 0) -> Bool {
    switch self {
    case .crc32c:
      var sum = CRC32(.castagnoli)
      sum.update(bytes)
      return (try? stored.little(UInt32.self, at: offset)) == sum.value
    case .sha256:
      var sum = SHA256()
      sum.update(bytes)
      return stored.holds(sum.finish(), at: offset)
    case .xxhash64, .blake2b:
      return true
    }
  }
}
