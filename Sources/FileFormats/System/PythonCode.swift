// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Compiled Python modules: a header that grew with the versions, and one marshalled code object.
  ///
  ///     0  u16 version, CR LF   4  3.7 on: u32 flags   then u32 time, 3.3 on: u32 size of the source
  ///
  /// - Source: Python, `Lib/importlib/_bootstrap_external.py`, `Python/marshal.c`.
  package static let pythonCode = FileFormat(
    id: "pyc", name: "Compiled Python module", category: .system, extensions: ["pyc", "pyo"],
    validation: .structure,
    signatures: [
      pythonSignature(.init(0x0C, mask: 0xFE)), pythonSignature(.init(0x0E)),
      pythonSignature(.init(0xF2, mask: 0xFE)),
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let number = try? bytes.little(UInt16.self, at: 0),
        let version = PythonCodeWalk.Version(number),
        let kind = try? bytes.little(UInt8.self, at: version.header)
      else { return false }
      let flags = version.header == 16 ? (try? bytes.little(UInt32.self, at: 4)) ?? 4 : 0
      return kind & 0x7F == 0x63 && flags < 4
    }
  ) { file in
    try Examination.walk("pyc", file) {
      var walk = try PythonCodeWalk(file)
      return try walk.examination()
    }
  }

  private static func pythonSignature(_ high: Signature.Element) -> Signature {
    Signature(masked: [.init(0, mask: 0), high, .init(0x0D), .init(0x0A)], alignment: 512)
  }
}
