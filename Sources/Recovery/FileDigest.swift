// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// A digest of a file's bytes, and of which kind it is.
package struct FileDigest: Hashable, Sendable {
  package let kind: MessageDigest.Kind
  package let bytes: [UInt8]

  package init(_ kind: MessageDigest.Kind, _ bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  /// Nil where `digits` are not as many hexadecimal digits as the kind has.
  init?(_ kind: MessageDigest.Kind, hexadecimal digits: some Collection<UInt8>) {
    guard let bytes = [UInt8](hexadecimal: digits), bytes.count == kind.byteCount else {
      return nil
    }
    self.init(kind, bytes)
  }

  /// What a list calls the kind, in any of the ways in which programs write it.
  static func kind(named name: some StringProtocol) -> MessageDigest.Kind? {
    switch name.lowercased().filter({ $0 != "-" && $0 != "_" }) {
    case "md5", "md5digest": .md5
    case "sha1", "sha1digest": .sha1
    case "sha256", "sha256digest": .sha256
    case "sha512", "sha512digest": .sha512
    case "blake2b": .blake2b
    default: nil
    }
  }

  /// Of several digests of a file the one to check: strong ones first, of these the one that the
  /// processor computes fastest.
  static func best(of digests: [FileDigest]) -> FileDigest? {
    preference.lazy.compactMap { kind in digests.first { $0.kind == kind } }.first
  }

  static let preference: [MessageDigest.Kind] = [.sha256, .sha512, .blake2b, .sha1, .md5]
}
