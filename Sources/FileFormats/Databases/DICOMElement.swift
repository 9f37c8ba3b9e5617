// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The head of a DICOM data element.
///
/// | Offset | Size | Field  | Unit                                                     |
/// |-------:|-----:|--------|----------------------------------------------------------|
/// |   0x00 |    2 | group  |                                                          |
/// |   0x02 |    2 | number |                                                          |
/// |   0x04 |    2 | kind   | two letters; missing where the data set is implicit      |
/// |   0x06 |    2 | length | bytes; some kinds: zero, and four bytes of length follow |
///
/// - Source: DICOM PS3.5, §7.1 "Data Elements", §7.5 "Nesting of Data Sets".
struct DICOMElement {
  /// How the elements of a data set are written.
  struct Syntax {
    var isExplicit = true
    var isBig = false
  }

  static let undefined: UInt32 = 0xFFFF_FFFF
  static let item: UInt32 = 0xFFFE_E000
  static let itemEnd: UInt32 = 0xFFFE_E00D
  static let sequenceEnd: UInt32 = 0xFFFE_E0DD

  private static let short: Set<String> = [
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS",
    "ST", "TM", "UI", "UL", "US",
  ]
  private static let long: Set<String> = [
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
  ]

  let tag: UInt32
  let kind: String
  let length: UInt32
  let data: ByteOffset

  /// Nil where no element can stand.
  init?(_ window: inout Window, at start: ByteOffset, _ syntax: Syntax) throws {
    let head = try window.copy(at: start, count: 8)
    let group = UInt32(try Self.number(UInt16.self, head, at: 0, syntax))
    tag = group << 16 | UInt32(try Self.number(UInt16.self, head, at: 2, syntax))
    guard syntax.isExplicit, group != 0xFFFE else {
      kind = ""
      length = try Self.number(UInt32.self, head, at: 4, syntax)
      data = try start + 8
      return
    }
    kind = String(decoding: head[4..<6], as: UTF8.self)
    if Self.short.contains(kind) {
      length = UInt32(try Self.number(UInt16.self, head, at: 6, syntax))
      data = try start + 8
    } else if Self.long.contains(kind), head[6] == 0, head[7] == 0 {
      let more = try window.copy(at: start + 8, count: 4)
      length = try Self.number(UInt32.self, more, at: 0, syntax)
      data = try start + 12
    } else {
      return nil
    }
  }

  private static func number<T: FixedWidthInteger>(
    _ type: T.Type, _ bytes: [UInt8], at offset: Int, _ syntax: Syntax
  ) throws -> T {
    syntax.isBig ? try bytes.big(type, at: offset) : try bytes.little(type, at: offset)
  }
}
