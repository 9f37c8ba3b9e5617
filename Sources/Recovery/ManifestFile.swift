// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// A list of files with their digests, of the kind that its own content tells.
package struct ManifestFile: Sendable {
  package enum Kind: String, Sendable { case sums, hashdeep, dfxml, mtree }

  package let kind: Kind
  package let files: [ExpectedFile]

  /// Throws `Malformed` with the number of the line, or the offset, that is not as it should be.
  package init(_ bytes: [UInt8]) throws(Malformed) {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    kind = Self.kind(of: text)
    let found =
      switch kind {
      case .sums: try Self.sums(text)
      case .hashdeep: try Self.hashdeep(text)
      case .dfxml: try Self.dfxml(Array(text))
      case .mtree: try Self.mtree(text)
      }
    files = Self.unique(found)
  }

  /// The list's expectations; its paths may stand elsewhere.
  package var expected: ExpectedFiles {
    var expected = ExpectedFiles(files)
    expected.isRelocatable = true
    expected.timeStep = kind == .mtree ? 1 : 1_000_000_000
    return expected
  }

  private static func kind(of text: ArraySlice<UInt8>) -> Kind {
    if text.starts(with: Array("%%%% HASHDEEP".utf8)) { return .hashdeep }
    let start = text.drop { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
    if start.first == 0x3C { return .dfxml }
    if start.starts(with: Array("#mtree".utf8)) { return .mtree }
    for line in lines(of: start.prefix(0x1_0000)) where line.first != 0x23 && !line.isEmpty {
      // A list of sums has no line that begins so.
      let word = line.prefix { $0 != 0x20 && $0 != 0x09 }
      return [Array("/set".utf8), [0x2E]].contains(Array(word)) ? .mtree : .sums
    }
    return .sums
  }

  /// The lines without their ends, whichever system wrote them.
  static func lines(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    text.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      $0.last == 0x0D ? $0.dropLast() : $0
    }
  }

  /// A path as audits compare them: without a leading `./`.
  static func relative(_ path: some Collection<UInt8>) -> [UInt8] {
    var path = Array(path)[...]
    while path.starts(with: [0x2E, 0x2F]) { path = path.dropFirst(2).drop { $0 == 0x2F } }
    return Array(path)
  }

  /// Of a path that is named twice the last line counts, as where a list was added to.
  private static func unique(_ files: [ExpectedFile]) -> [ExpectedFile] {
    var places: [[UInt8]: Int] = [:]
    var result: [ExpectedFile] = []
    for file in files {
      if let place = places[file.path] {
        result[place] = file
      } else {
        places[file.path] = result.count
        result.append(file)
      }
    }
    return result
  }
}
