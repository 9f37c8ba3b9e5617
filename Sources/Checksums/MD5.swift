// SPDX-License-Identifier: Apache-2.0

import Bytes
import CCrypto

/// MD5 through libcrypto: no proof of authorship any more, but of integrity.
@safe package struct MD5: ~Copyable {
  private let context: OpaquePointer?

  package init() {
    unsafe context = EVP_MD_CTX_new()
    _ = unsafe EVP_DigestInit_ex(context, EVP_md5(), nil)
  }

  package mutating func update(_ bytes: RawSpan) {
    // SAFETY: libcrypto reads exactly `count` bytes and keeps no pointer.
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
  }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withSpan { update($0) }
  }

  /// The 16 bytes of the digest. The value is of no use afterwards.
  package consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 16)
    _ = unsafe digest.withUnsafeMutableBufferPointer { buffer in
      unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    return digest
  }

  /// The digest of bytes in memory.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var hash = MD5()
    hash.update(bytes)
    return hash.finish()
  }

  deinit { unsafe EVP_MD_CTX_free(context) }
}
