// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// TrueType and OpenType fonts: a directory of tables, each with its checksum.
  ///
  /// - Source: Microsoft, *OpenType Specification 1.9*, "Organization of an OpenType Font"; Apple,
  ///   *TrueType Reference Manual*, "The Font Directory".
  package static let sfnt = FileFormat(
    id: "ttf", name: "TrueType or OpenType font", category: .system, extensions: ["ttf", "otf"],
    validation: .checksums,
    signatures: [
      fontSignature([0x00, 0x01, 0x00, 0x00]), fontSignature(Array("OTTO".utf8)),
      fontSignature(Array("true".utf8)), fontSignature(Array("typ1".utf8)),
    ],
    maximumSize: 0x1000_0000,
    resembles: SFNTDirectory.resembles
  ) { file in
    try Examination.walk("ttf", file) {
      var font = SFNTDirectory(file)
      return try font.examination(at: [0])
    }
  }

  /// Collections of fonts that share tables.
  ///
  /// | Offset | Size | Field     | Unit                                   |
  /// |-------:|-----:|-----------|----------------------------------------|
  /// |   0x00 |    4 | mark      | `ttcf`                                 |
  /// |   0x04 |    4 | version   | 0x10000 or 0x20000                     |
  /// |   0x08 |    4 | count     | fonts                                  |
  /// |   0x0C |    … | places    | offset of each font's directory        |
  /// |      … |   12 | signature | version 2: `DSIG`, length and offset   |
  ///
  /// - Source: Microsoft, *OpenType Specification 1.9*, "Font Collections".
  package static let ttc = FileFormat(
    id: "ttc", name: "Font collection", category: .system, extensions: ["ttc", "otc"],
    validation: .checksums,
    signatures: [
      Signature([0x74, 0x74, 0x63, 0x66, 0, 1, 0, 0]),
      Signature([0x74, 0x74, 0x63, 0x66, 0, 2, 0, 0]),
    ],
    maximumSize: 0x2000_0000
  ) { file in
    try Examination.walk("ttc", file) {
      let head = try file.read(at: 0, count: 12)
      let count = try head.big(UInt32.self, at: 8)
      guard count > 0, count <= 1024 else {
        throw Malformed("TTC", "a collection of \(count) fonts", at: 8)
      }
      let places = try file.read(at: 12, count: ByteCount(UInt64(count) * 4))
      var font = SFNTDirectory(file)
      if try head.big(UInt16.self, at: 4) == 2 {
        try font.takeSignature(at: 12 + ByteCount(clamping: places.count))
      }
      return try font.examination(
        at: stride(from: 0, to: places.count, by: 4).map {
          ByteOffset(UInt64(try places.big(UInt32.self, at: $0)))
        })
    }
  }

  /// A version, and a count of fewer than 128 tables.
  private static func fontSignature(_ version: [UInt8]) -> Signature {
    Signature(
      masked: version.map { Signature.Element($0) } + [.init(0), .init(0, mask: 0x80)])
  }
}
