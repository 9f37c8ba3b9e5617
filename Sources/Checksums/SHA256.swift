// SPDX-License-Identifier: Apache-2.0

import Bytes
import CCrypto

/// SHA-256 through libcrypto, which uses the processor's own instructions.
@safe package struct SHA256: ~Copyable {
  private let context: OpaquePointer?

  package init() {
    unsafe context = EVP_MD_CTX_new()
    _ = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
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

  /// The 32 bytes of the digest. The value is of no use afterwards.
  package consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = unsafe digest.withUnsafeMutableBufferPointer { buffer in
      unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    return digest
  }

  /// The digest of bytes in memory.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  deinit { unsafe EVP_MD_CTX_free(context) }
}

extension [UInt8] {
  /// The bytes as lower-case hexadecimal digits.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(count * 2)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
