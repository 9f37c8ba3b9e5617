// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Compiled Java classes: constants, fields, methods and attributes, each with its count or length.
  ///
  ///     0  CA FE BA BE   4  u16 minor   6  u16 major   8  u16 constants + 1   10  constants
  ///     then u16 access, this, super; interfaces; fields; methods; attributes
  ///
  /// A universal program of macOS starts with the same four bytes, and then counts its parts: there
  /// are fewer than 45, the first version of Java.
  ///
  /// - Source: Oracle, *The Java Virtual Machine Specification*, §4 "The class File Format".
  package static let javaClass = FileFormat(
    id: "class", name: "Java class", category: .system, validation: .structure,
    signatures: [Signature([0xCA, 0xFE, 0xBA, 0xBE])], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let minor = try? bytes.big(UInt16.self, at: 4),
        let major = try? bytes.big(UInt16.self, at: 6),
        let count = try? bytes.big(UInt16.self, at: 8),
        let kind = try? bytes.big(UInt8.self, at: 10)
      else { return false }
      return (minor <= 3 || minor == 0xFFFF) && (45...90).contains(major) && count > 4
        && (1...20).contains(kind)
    }
  ) { file in
    try Examination.walk("class", file) {
      var walk = JavaClassWalk(file)
      return try walk.examination()
    }
  }
}
