// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Compound files: a file system of sectors in a file, as Office wrote up to 2003.
  ///
  ///     0x1E  u16  log2(sector size)   0x2C  u32  FAT sectors   0x30  u32  first directory sector
  ///     0x38  u32  smallest plain stream  0x3C u32 first mini FAT sector
  ///     0x44  u32  first DIFAT sector  0x48  u32  DIFAT sectors  0x4C  109 FAT sectors
  ///
  /// - Source: Microsoft, *[MS-CFB]: Compound File Binary File Format*, §2.2.
  package static let ole2 = FileFormat(
    id: "doc", name: "Office document (compound file)", category: .document,
    extensions: ["doc", "dot", "xls", "xlt", "ppt", "pps", "msg", "vsd", "pub", "msi"],
    otherCategories: [.mail: ["msg"], .system: ["msi"]],
    validation: .structure,
    signatures: [Signature([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])],
    maximumSize: 0x8000_0000,
    resembles: { bytes in
      bytes.holds([0xFE, 0xFF], at: 0x1C)
        && (bytes.holds([9, 0], at: 0x1E) || bytes.holds([12, 0], at: 0x1E))
    }
  ) { file in
    try Examination.walk("doc", file) { try CompoundFile(file).examination() }
  }
}
