// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// X window dumps: a header of 25 numbers with the window's name behind, colours, and rows.
  ///
  /// | Offset | Size | Field          | Unit                                           |
  /// |-------:|-----:|----------------|------------------------------------------------|
  /// |   0x00 |    4 | header size    | bytes, name included                           |
  /// |   0x04 |    4 | version        | 7                                              |
  /// |   0x08 |    4 | pixmap format  | 0 bits, 1 planes, 2 pixels                     |
  /// |   0x0C |    4 | depth          | planes                                         |
  /// |   0x10 |    8 | width, height  | pixels                                         |
  /// |   0x2C |    4 | pixel size     | bits                                           |
  /// |   0x30 |    4 | row size       | bytes                                          |
  /// |   0x4C |    4 | colours        | of 12 bytes                                    |
  ///
  /// - Source: The Open Group, *X11 XWDFile.h*, XWDFileHeader.
  package static let xwd = FileFormat(
    id: "xwd", name: "X window dump", category: .photo, validation: .size,
    signatures: ([0, 1, 2] as [UInt8]).map {
      Signature([0, 0, 0, 7, 0, 0, 0, $0, 0, 0, 0], at: 4)
    },
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: 100)).flatMap { try? XWDHeader(parsing: $0) } != nil
    }
  ) { file in
    try Examination.walk("xwd", file) {
      let header = try XWDHeader(parsing: file.read(at: 0, count: 100))
      guard header.end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("xwd", "XWD", end: header.end, and: [.payloadUnchecked])
      let name = try file.read(at: 100, count: min(200, ByteCount(header.size &- 100)))
      if name.first != 0 { result.name = ContentText.text(name) }
      return result
    }
  }
}

/// The header of an X window dump.
private struct XWDHeader {
  let size: UInt64
  let end: ByteOffset

  init(parsing bytes: [UInt8]) throws {
    let field = { (index: Int) in UInt64(try bytes.big(UInt32.self, at: 4 * index)) }
    size = try field(0)
    let format = try field(2)
    let depth = try field(3)
    let width = try field(4)
    let height = try field(5)
    let bits = try field(11)
    let row = try field(12)
    let colours = try field(19)
    let least = (width &* (format == 2 ? bits : 1) &+ 7) / 8
    guard (100...4096).contains(size), format <= 2, (1...32).contains(depth),
      (1...0xFFFF).contains(width), (1...0xFFFF).contains(height), (1...64).contains(bits),
      row >= least, row <= least &+ 64, colours <= 0x1_0000
    else { throw Malformed("XWD", "an impossible header") }
    let planes = format == 1 ? depth : 1
    end = ByteOffset(size &+ colours &* 12 &+ row &* height &* planes)
  }
}
