// SPDX-License-Identifier: Apache-2.0

import Bytes
import CCrypto

/// The digests that lists of known files hold beside SHA-256, through libcrypto.
@safe package struct MessageDigest: ~Copyable {
  package enum Kind: Int, Sendable, CaseIterable {
    case md5 = 16
    case sha1 = 20
    case sha256 = 32
    /// BLAKE2b with 512 bits.
    case blake2b = 64
    /// SHA-512, which is as long as BLAKE2b.
    case sha512 = 512

    /// The number of its bytes.
    package var byteCount: Int { self == .sha512 ? 64 : rawValue }
  }

  package let kind: Kind
  private let context: OpaquePointer?

  package init(_ kind: Kind) {
    self.kind = kind
    unsafe context = EVP_MD_CTX_new()
    let algorithm =
      switch kind {
      case .md5: unsafe EVP_md5()
      case .sha1: unsafe EVP_sha1()
      case .sha256: unsafe EVP_sha256()
      case .blake2b: unsafe EVP_blake2b512()
      case .sha512: unsafe EVP_sha512()
      }
    _ = unsafe EVP_DigestInit_ex(context, algorithm, nil)
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

  /// The digest. The value is of no use afterwards.
  package consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: kind.byteCount)
    _ = unsafe digest.withUnsafeMutableBufferPointer { buffer in
      unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    return digest
  }

  /// The digest of what was taken in so far; more may follow.
  package borrowing func value() -> [UInt8] {
    let copy = MessageDigest(kind)
    _ = unsafe EVP_MD_CTX_copy_ex(copy.context, context)
    return copy.finish()
  }

  /// The digest of bytes in memory.
  package static func hash(_ bytes: [UInt8], _ kind: Kind) -> [UInt8] {
    var digest = MessageDigest(kind)
    digest.update(bytes)
    return digest.finish()
  }

  deinit { unsafe EVP_MD_CTX_free(context) }
}
