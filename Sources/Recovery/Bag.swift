// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage

/// A BagIt bag: a folder that says itself what it should hold.
///
/// - Source: RFC 8493, *The BagIt File Packaging Format (V1.0)*, §2 "Structure" and §3 "Complete and
///   valid bags".
package struct Bag: Sendable {
  /// The files below `data/`, and those beside it of which a tag manifest tells.
  package let files: [ExpectedFile]
  /// What `bag-info.txt` says of the payload, where it does.
  package let totals: PayloadTotals?

  /// Whether a folder calls itself a bag.
  package static func isOne(at folder: String) -> Bool {
    contents(of: "bagit.txt", in: folder)?.starts(with: Array("BagIt-Version:".utf8)) ?? false
  }

  /// Reads the manifests of a bag. Of several, each file is checked by the best digest that any of them
  /// has.
  ///
  /// Throws `Malformed` where it has none, or where a line is no line of one.
  package init(at folder: String) throws(Malformed) {
    let payload = try Self.manifests("manifest-", in: folder)
    guard !payload.isEmpty else {
      throw Malformed("bag", "it has no manifest of MD5, SHA-1, SHA-256 or SHA-512")
    }
    files = payload + (try Self.manifests("tagmanifest-", in: folder))
    totals = Self.contents(of: "bag-info.txt", in: folder).flatMap(Self.oxum)
  }

  /// What the bag's own folder should hold.
  package var expected: ExpectedFiles {
    var expected = ExpectedFiles(files)
    expected.covered = Self.data
    expected.totals = totals
    return expected
  }

  /// What a folder should hold that the payload was restored to.
  package var expectedRestore: ExpectedFiles {
    ExpectedFiles(
      files.compactMap { file in
        guard file.path.starts(with: Self.data) else { return nil }
        var file = file
        file.path.removeFirst(Self.data.count)
        return file
      })
  }

  private static let data = Array("data/".utf8)

  private static func contents(of name: String, in folder: String) -> [UInt8]? {
    FolderTree.contents(of: folder + "/" + name)
  }

  private static func manifests(
    _ prefix: String, in folder: String
  ) throws(Malformed) -> [ExpectedFile] {
    var digests: [[UInt8]: FileDigest] = [:]
    for kind in FileDigest.preference {
      let name = "\(prefix)\(kind).txt"
      guard let text = contents(of: name, in: folder) else { continue }
      for (path, digest) in try entries(text, kind, name) where digests[path] == nil {
        digests[path] = digest
      }
    }
    return digests.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { ExpectedFile(path: $0.key, digest: $0.value) }
  }

  /// The lines of a manifest: digits, blanks, a path with three characters encoded.
  private static func entries(
    _ text: [UInt8], _ kind: MessageDigest.Kind, _ name: String
  ) throws(Malformed) -> [([UInt8], FileDigest)] {
    var result: [([UInt8], FileDigest)] = []
    var number: UInt64 = 0
    for line in ManifestFile.lines(of: text[...]) {
      number += 1
      if line.isEmpty { continue }
      let digits = line.prefix { $0 != 0x20 && $0 != 0x09 }
      // Some makers write `*` before the name, as md5sum does.
      let path = line.dropFirst(digits.count).drop { [0x20, 0x09, 0x2A].contains($0) }
      guard let digest = FileDigest(kind, hexadecimal: digits), !path.isEmpty else {
        throw Malformed(
          "bag", "line \(number) of \(name) is no line of a manifest", at: ByteOffset(number))
      }
      result.append((ManifestFile.relative(decoded(path)), digest))
    }
    return result
  }

  /// A path in which `%0A`, `%0D` and `%25` stand for what they encode; nothing else is encoded.
  private static func decoded(_ path: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = path
    while let byte = rest.popFirst() {
      let code =
        byte == 0x25 ? UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) : nil
      guard let code, [0x0A, 0x0D, 0x25].contains(code), rest.count >= 2 else {
        result.append(byte)
        continue
      }
      result.append(code)
      rest = rest.dropFirst(2)
    }
    return result
  }

  /// `Payload-Oxum: BYTES.FILES`.
  private static func oxum(_ text: [UInt8]) -> PayloadTotals? {
    for line in ManifestFile.lines(of: text[...]) {
      let words = String(decoding: line, as: UTF8.self).split(separator: ":", maxSplits: 1)
      guard words.count == 2, words[0].lowercased() == "payload-oxum" else { continue }
      let numbers = words[1].filter { !$0.isWhitespace }.split(separator: ".")
      guard numbers.count == 2, let bytes = UInt64(numbers[0]), let files = Int(numbers[1]) else {
        return nil
      }
      return PayloadTotals(bytes: ByteCount(bytes), files: files)
    }
    return nil
  }
}
