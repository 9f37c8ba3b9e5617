// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Drawings of AutoCAD, from release 13 on: three layouts, told apart by the version.
  ///
  /// | Offset | Size | Field       | Unit                                                       |
  /// |-------:|-----:|-------------|------------------------------------------------------------|
  /// |   0x00 |    6 | version     | `AC1012`, `AC1014`, `AC1015`; `AC1021`; `AC1018` and later |
  /// |   0x06 |    5 |             | zeros                                                      |
  /// |   0x0D |    4 | preview     | offset                                                     |
  ///
  /// - Source: Open Design Alliance, *Open Design Specification for .dwg files 5.4.1*, §3 to §5.
  package static let dwg = FileFormat(
    id: "dwg", name: "AutoCAD drawing", category: .photo, extensions: ["dwg", "dwt"],
    validation: .checksums,
    signatures: [
      Signature(
        masked: [0x41, 0x43, 0x31, 0x30].map { Signature.Element($0) }
          + [.init(0x30, mask: 0xFC), .init(0x30, mask: 0xF0)]
          + [Signature.Element](repeating: .init(0), count: 5))
    ],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let tens = try? bytes.little(UInt8.self, at: 4),
        let ones = try? bytes.little(UInt8.self, at: 5),
        let preview = try? bytes.little(UInt32.self, at: 0x0D)
      else { return false }
      return [0x3132, 0x3134, 0x3135, 0x3138, 0x3231, 0x3234, 0x3237, 0x3332].contains(
        UInt16(tens) << 8 | UInt16(ones)) && preview < 0x4000_0000
    }
  ) { file in
    try Examination.walk("dwg", file) {
      switch String(decoding: try file.read(at: 4, count: 2), as: UTF8.self) {
      case "12", "14", "15": try DWGSections(file).examination()
      case "21": try DWG2007(file).examination()
      default: try DWGPages(file).examination()
      }
    }
  }
}
