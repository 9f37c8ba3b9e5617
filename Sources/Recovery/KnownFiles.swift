// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums

/// The digests of files that nobody looks for: those of an operating system, of programs.
///
/// Read are the lists of NSRL (`"SHA-1","MD5",…`), of hashdeep (`size,md5,sha256,name`), of `md5sum`,
/// `sha1sum` and `sha256sum`, and digests alone, one a line; of each line the strongest digest counts. They
/// are kept in memory, 16 bytes and what a set adds for each; the database that NSRL publishes stays where
/// it is.
///
/// - Source: NIST, *NSRL Reference Data Set*, "NSRLFile.txt"; hashdeep manual, "file format".
package struct KnownFiles: Sendable {
  private var digests: [MessageDigest.Kind: Set<Key>] = [:]
  private var table: KnownFileTable?
  /// Identifies the list, for the log.
  package private(set) var name: String

  /// The first 128 bits of a digest: as good as all of them for telling files apart.
  private struct Key: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init?(_ digest: [UInt8]) {
      guard let high = try? digest.big(UInt64.self, at: 0),
        let low = try? digest.big(UInt64.self, at: 8)
      else { return nil }
      self.high = high
      self.low = low
    }
  }

  package init(name: String) { self.name = name }

  package init(name: String, table: KnownFileTable) {
    self.name = name
    self.table = table
  }

  /// Takes up one line; false where it should hold a digest and does not.
  package mutating func add(line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop { [0x20, 0x09, 0x5C].contains($0) }
    guard let first = text.first, first != 0x23, first != 0x25, !Self.isHeading(text) else {
      return true
    }
    var best: [UInt8] = []
    // Names come last, and might look like digests.
    for field in text.split(whereSeparator: { [0x20, 0x09, 0x0D, 0x22, 0x2C, 0x2A].contains($0) }) {
      // Of 64 bytes lists have SHA-512, which is not looked for.
      if let digest = [UInt8](hexadecimal: field), digest.count <= 32,
        MessageDigest.Kind(rawValue: digest.count) != nil
      {
        if digest.count > best.count { best = digest }
      } else if !field.allSatisfy({ (0x30...0x39).contains($0) }) {
        break
      }
    }
    guard let kind = MessageDigest.Kind(rawValue: best.count), let key = Key(best) else {
      return false
    }
    digests[kind, default: []].insert(key)
    return true
  }

  /// The line of a table that names its columns.
  private static func isHeading(_ line: ArraySlice<UInt8>) -> Bool {
    let word = String(decoding: line.drop { $0 == 0x22 }.prefix(4), as: UTF8.self).lowercased()
    return word.hasPrefix("sha") || word.hasPrefix("md5") || word == "size"
  }

  /// How many digests were read from lines.
  package var count: Int { digests.values.reduce(0) { $0 + $1.count } }

  /// The kinds of digests that must be computed of a file to look it up.
  package var kinds: [MessageDigest.Kind] {
    MessageDigest.Kind.allCases.filter { digests[$0] != nil }
  }

  /// Whether a file with this digest is known; throws `KnownFileError`.
  package func contains(_ digest: [UInt8], _ kind: MessageDigest.Kind) throws -> Bool {
    if let table, kind == .sha256, try table.contains(sha256: digest) { return true }
    return Key(digest).map { digests[kind]?.contains($0) ?? false } ?? false
  }
}
