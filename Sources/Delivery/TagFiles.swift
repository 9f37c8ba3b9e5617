// SPDX-License-Identifier: Apache-2.0

import Checksums
import Storage

/// What lies in a bag beside `data/`, with the digests that the tag manifest tells.
struct TagFiles {
  private let folder: String
  private var digests: [(name: String, digest: [UInt8])] = []

  init(in folder: String) { self.folder = folder }

  /// Writes one, in place of its older self.
  ///
  /// - Returns: its SHA-256.
  @discardableResult
  mutating func write(
    _ name: String, isProgram: Bool = false, _ text: String
  ) throws -> [UInt8] {
    try replaceFile(at: folder + "/" + name, isProgram: isProgram) { try $0(Array(text.utf8)) }
    let digest = SHA256.hash(Array(text.utf8))
    digests.append((name, digest))
    return digest
  }

  /// Counts a file that is written last.
  mutating func expect(_ name: String, _ text: String) {
    digests.append((name, SHA256.hash(Array(text.utf8))))
  }

  /// `tagmanifest-sha256.txt`.
  var manifest: String {
    digests.sorted { $0.name < $1.name }.map { BagText.line($0.name, $0.digest) }.joined()
  }
}
