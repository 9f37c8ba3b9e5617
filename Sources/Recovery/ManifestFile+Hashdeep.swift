// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

extension ManifestFile {
  /// What `hashdeep` writes: a line that names the columns, then `size,digest,…,name`.
  ///
  /// - Source: hashdeep manual, "file format": lines of `%%%%` and `##` are no files; the name comes
  ///   last and may hold commas.
  static func hashdeep(_ text: ArraySlice<UInt8>) throws(Malformed) -> [ExpectedFile] {
    var columns: [String] = []
    var files: [ExpectedFile] = []
    var number: UInt64 = 0
    for line in lines(of: text) {
      number += 1
      if line.starts(with: Array("%%%% size,".utf8)) {
        columns = line.dropFirst(5).split(separator: 0x2C).map {
          String(decoding: $0, as: UTF8.self)
        }
      }
      if line.isEmpty || line.starts(with: Array("%%%%".utf8)) || line.first == 0x23 { continue }
      let fields = line.split(
        separator: 0x2C, maxSplits: max(1, columns.count) - 1, omittingEmptySubsequences: false)
      guard columns.last == "filename", fields.count == columns.count,
        let size = UInt64(String(decoding: fields[0], as: UTF8.self)), let name = fields.last
      else {
        throw Malformed(
          "manifest", "line \(number) is no line of hashdeep", at: ByteOffset(number))
      }
      let digests = zip(columns, fields).compactMap { column, field in
        FileDigest.kind(named: column).flatMap { FileDigest($0, hexadecimal: field) }
      }
      guard let digest = FileDigest.best(of: digests) else {
        throw Malformed(
          "manifest", "line \(number) has no MD5, SHA-1 or SHA-256 digest", at: ByteOffset(number))
      }
      files.append(ExpectedFile(path: path(name), size: ByteCount(size), digest: digest))
    }
    return files
  }

  /// On Windows names begin with a drive, or hold backslashes behind a dot.
  private static func path(_ name: ArraySlice<UInt8>) -> [UInt8] {
    let bytes = Array(name)
    let hasDrive = bytes.count > 2 && bytes[1] == 0x3A && bytes[2] == 0x5C
    guard hasDrive || bytes.starts(with: [0x2E, 0x5C]) else { return relative(bytes) }
    return relative(bytes.dropFirst(hasDrive ? 2 : 0).map { $0 == 0x5C ? 0x2F : $0 })
  }
}
