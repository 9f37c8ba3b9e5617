// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Programs of DOS, OS/2 and Windows: the old header, and most times a new one where it says.
  ///
  /// | Offset | Size | Field       | Unit                                                       |
  /// |-------:|-----:|-------------|------------------------------------------------------------|
  /// |   0x00 |    2 | mark        | `MZ`                                                       |
  /// |   0x02 |    2 | last page   | bytes in the last page; 0 for 512                          |
  /// |   0x04 |    2 | pages       | of 512 bytes                                               |
  /// |   0x06 |    2 | relocations | count                                                      |
  /// |   0x08 |    2 | header      | in 16 bytes                                                |
  /// |   0x18 |    2 | relocations | offset                                                     |
  /// |   0x3C |    4 | new header  | offset; there `PE`, `NE`, `LE` or `LX`                     |
  ///
  /// - Source: Microsoft, *PE Format*, "MS-DOS Stub"; R. Brown, *Interrupt List*, INT 21/AH=4Bh.
  package static let program = FileFormat(
    id: "exe", name: "Windows or DOS program", category: .system,
    extensions: ["exe", "dll", "sys", "ocx", "scr", "cpl", "drv", "efi", "vxd", "mui"],
    validation: .checksums,
    signatures: [Signature([0x4D, 0x5A], alignment: 512)], maximumSize: 0x1_0000_0000,
    resembles: ProgramHeader.resembles
  ) { file in
    try ProgramHeader(file).examination()
  }
}
