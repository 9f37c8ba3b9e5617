// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Programs, libraries, objects and core images of Unix. They end behind the last of their segments,
  /// their sections and their tables.
  ///
  /// | Offset | Size | Field    | Unit                                                    |
  /// |-------:|-----:|----------|---------------------------------------------------------|
  /// |   0x00 |    4 | mark     | 0x7F, `ELF`                                             |
  /// |   0x04 |    1 | class    | 1: 32 bits; 2: 64 bits                                  |
  /// |   0x05 |    1 | order    | 1: little-endian; 2: big-endian                         |
  /// |   0x06 |    1 | version  | 1                                                       |
  /// |   0x10 |    2 | type     | 1 object, 2 program, 3 library, 4 core                  |
  /// |   0x14 |    4 | version  | 1                                                       |
  ///
  /// - Source: *System V Application Binary Interface*, ch. 4 "Object Files".
  package static let elf = FileFormat(
    id: "elf", name: "Unix program", category: .system, extensions: ["elf", "so", "o", "ko"],
    validation: .size,
    signatures: [
      elfSignature(1, 1), elfSignature(1, 2), elfSignature(2, 1), elfSignature(2, 2),
    ],
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let order = try? bytes.little(UInt8.self, at: 5),
        let kind = try? bytes.little(UInt8.self, at: 4),
        let type = order == 1
          ? try? bytes.little(UInt16.self, at: 16) : try? bytes.big(UInt16.self, at: 16),
        let version = order == 1
          ? try? bytes.little(UInt32.self, at: 20) : try? bytes.big(UInt32.self, at: 20),
        let size = order == 1
          ? try? bytes.little(UInt16.self, at: kind == 1 ? 40 : 52)
          : try? bytes.big(UInt16.self, at: kind == 1 ? 40 : 52)
      else { return false }
      return version == 1 && size == (kind == 1 ? 52 : 64)
        && ((1...4).contains(type) || type >= 0xFE00)
    }
  ) { file in
    try Examination.walk("elf", file) {
      var walk = try ELFWalk(file)
      return try walk.examination()
    }
  }

  private static func elfSignature(_ kind: UInt8, _ order: UInt8) -> Signature {
    Signature([0x7F, 0x45, 0x4C, 0x46, kind, order, 1])
  }
}
