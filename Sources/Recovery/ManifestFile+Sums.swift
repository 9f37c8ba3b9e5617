// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

extension ManifestFile {
  /// The lines that `md5sum`, `sha1sum`, `sha256sum`, `sha512sum` and `b2sum` write, also with
  /// `--tag`, where they look like those of BSD.
  ///
  /// - Source: GNU coreutils manual, "md5sum invocation": hexadecimal digits, a space, a space or
  ///   `*`, the name; a line with escapes (`\\`, `\n`, `\r`) begins with a backslash.
  static func sums(_ text: ArraySlice<UInt8>) throws(Malformed) -> [ExpectedFile] {
    var files: [ExpectedFile] = []
    var number: UInt64 = 0
    for line in lines(of: text) {
      number += 1
      if line.isEmpty || line.first == 0x23 { continue }
      guard let file = tagged(line) ?? plain(line) else {
        throw Malformed(
          "manifest", "line \(number) is no MD5, SHA-1, SHA-256 or SHA-512 sum",
          at: ByteOffset(number))
      }
      files.append(file)
    }
    return files
  }

  private static func plain(_ line: ArraySlice<UInt8>) -> ExpectedFile? {
    let isEscaped = line.first == 0x5C
    let rest = isEscaped ? line.dropFirst() : line
    let digits = rest.prefix { $0 != 0x20 }
    let separator = rest.dropFirst(digits.count).prefix(2)
    guard separator.count == 2, separator.last == 0x20 || separator.last == 0x2A,
      let kind = kindByLength[digits.count], let digest = FileDigest(kind, hexadecimal: digits)
    else { return nil }
    return file(rest.dropFirst(digits.count + 2), isEscaped, digest)
  }

  private static let kindByLength: [Int: MessageDigest.Kind] = [
    32: .md5, 40: .sha1, 64: .sha256, 128: .sha512,
  ]

  /// `SHA256 (name) = digits`.
  private static func tagged(_ line: ArraySlice<UInt8>) -> ExpectedFile? {
    let isEscaped = line.first == 0x5C
    let rest = isEscaped ? line.dropFirst() : line
    let word = rest.prefix { $0 != 0x20 && $0 != 0x28 }
    guard let kind = FileDigest.kind(named: String(decoding: word, as: UTF8.self)) else {
      return nil
    }
    let opening = rest.dropFirst(word.count).drop { $0 == 0x20 }
    let digits = opening.suffix(kind.byteCount * 2)
    let middle = opening.dropLast(digits.count)
    guard opening.first == 0x28, middle.reversed().starts(with: Array(" = )".utf8)),
      let digest = FileDigest(kind, hexadecimal: digits)
    else { return nil }
    return file(middle.dropFirst().dropLast(4), isEscaped, digest)
  }

  private static func file(
    _ path: ArraySlice<UInt8>, _ isEscaped: Bool, _ digest: FileDigest
  ) -> ExpectedFile? {
    if path.isEmpty { return nil }
    return ExpectedFile(path: relative(isEscaped ? unescaped(path) : Array(path)), digest: digest)
  }

  private static func unescaped(_ path: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = path
    while let byte = rest.popFirst() {
      guard byte == 0x5C, let next = rest.first else {
        result.append(byte)
        continue
      }
      switch next {
      case 0x6E: result.append(0x0A)
      case 0x72: result.append(0x0D)
      case 0x5C: result.append(0x5C)
      default:
        result.append(byte)
        continue
      }
      rest.removeFirst()
    }
    return result
  }
}
