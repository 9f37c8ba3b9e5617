// SPDX-License-Identifier: Apache-2.0

import Case

/// The SHA-256 sums of all files written, as `sha256sum -c` checks them from the recovery's folder.
///
/// - Source: GNU coreutils manual, "md5sum invocation": a name with a backslash or a line break is
///   escaped, and its line begins with a backslash.
package struct Manifest {
  private let record: Case

  package init(_ record: Case) { self.record = record }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    try record.eachWritten { written in
      var name = Array("files/".utf8)
      var isEscaped = false
      for byte in written.path {
        switch byte {
        case 0x5C: name += [0x5C, 0x5C]
        case 0x0A: name += [0x5C, 0x6E]
        case 0x0D: name += [0x5C, 0x72]
        default:
          name.append(byte)
          continue
        }
        isEscaped = true
      }
      let digest = hexadecimal(written.sha256)
      try write((isEscaped ? [0x5C] : []) + Array(digest.utf8) + [0x20, 0x20] + name + [0x0A])
      return true
    }
  }
}
