// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// The lines of a file of SHA-256 sums, as `sha256sum` writes and checks them.
///
/// - Source: GNU coreutils manual, "md5sum invocation": 64 hexadecimal digits, a space, a space or
///   `*`, the name; a line with escapes (`\\`, `\n`, `\r`) begins with a backslash.
package struct ManifestFile: Sendable {
  /// Digests by path.
  package let digests: [[UInt8]: [UInt8]]

  /// Throws `Malformed` with the number of the line that is not one.
  package init(_ bytes: [UInt8]) throws(Malformed) {
    var digests: [[UInt8]: [UInt8]] = [:]
    var number: UInt64 = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty || line.first == 0x23 { continue }
      guard let (path, digest) = Self.entry(line) else {
        throw Malformed("manifest", "line \(number) is no SHA-256 sum", at: ByteOffset(number))
      }
      digests[path] = digest
    }
    self.digests = digests
  }

  private static func entry(_ line: ArraySlice<UInt8>) -> (path: [UInt8], digest: [UInt8])? {
    let isEscaped = line.first == 0x5C
    let rest = isEscaped ? line.dropFirst() : line
    guard rest.count > 66, let digest = [UInt8](hexadecimal: rest.prefix(64)) else { return nil }
    let separator = rest.dropFirst(64).prefix(2)
    guard separator.first == 0x20, separator.last == 0x20 || separator.last == 0x2A
    else { return nil }
    let path = Array(rest.dropFirst(66))
    return (isEscaped ? unescaped(path) : path, digest)
  }

  private static func unescaped(_ path: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = path[...]
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
