// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// The digests of a file that is being written: SHA-256, and what a list of known files asks for.
struct FileDigests: ~Copyable {
  private let known: KnownFiles?
  private var sha256 = SHA256()
  private var sha1: MessageDigest?
  private var md5: MessageDigest?

  init(for known: KnownFiles?) {
    self.known = known
    let kinds = known?.kinds ?? []
    sha1 = kinds.contains(.sha1) ? MessageDigest(.sha1) : nil
    md5 = kinds.contains(.md5) ? MessageDigest(.md5) : nil
  }

  mutating func update(_ bytes: RawSpan) {
    sha256.update(bytes)
    sha1?.update(bytes)
    md5?.update(bytes)
  }

  mutating func update(_ bytes: [UInt8]) { bytes.withSpan { update($0) } }

  /// The SHA-256, and whether the list holds the file; throws `KnownFileError`.
  consuming func finish() throws -> (sha256: [UInt8], areKnown: Bool) {
    let list = known
    let digest = sha256.finish()
    var isKnown = try list?.contains(digest, .sha256) ?? false
    switch consume sha1 {
    case .some(let sha1): if try list?.contains(sha1.finish(), .sha1) ?? false { isKnown = true }
    case .none: break
    }
    switch consume md5 {
    case .some(let md5): if try list?.contains(md5.finish(), .md5) ?? false { isKnown = true }
    case .none: break
    }
    return (digest, isKnown)
  }
}
