// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// dBASE tables, also those of FoxPro and of shapefiles: a header with the fields, then records
  /// of one size, each behind a mark, and as a rule 1A.
  ///
  ///     0  u8 kind   1  u8 year - 1900, month, day   4  u32 records   8  u16 header, 10  u16
  ///     record size   12  zeros   28  u8 has an index   29  u8 code page   32  fields of 32 bytes
  ///     up to 0D: 0 name   11 u8 type   16 u8 length
  ///
  /// - Source: Borland, *dBASE IV Language Reference*, "Structure of a Database File"; E. Bachmann,
  ///   *Xbase: File Format Description*.
  package static let dbf = FileFormat(
    id: "dbf", name: "dBASE table", category: .database, validation: .structure,
    signatures: [3, 0x30, 0x31, 0x83, 0x8B, 0xF5].map { dbfSignature($0) },
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: 64) else { return false }
      return (1...12).contains(head[2]) && (1...31).contains(head[3])
        && DBFWalk.isField(head[32...])
    }
  ) { file in
    try Examination.walk("dbf", file) { try DBFWalk(file).examination() }
  }

  /// The kind, a month and a day, fewer than 2^24 records, and zeros where nothing is kept.
  private static func dbfSignature(_ kind: UInt8) -> Signature {
    let any = Signature.Element(0, mask: 0)
    let zero = Signature.Element(0)
    var elements = [Signature.Element](repeating: any, count: 28)
    elements[0] = Signature.Element(kind)
    elements[2] = Signature.Element(0, mask: 0xF0)
    elements[3] = Signature.Element(0, mask: 0xE0)
    for index in [7, 12, 13] + Array(16..<28) { elements[index] = zero }
    return Signature(masked: elements, alignment: 512)
  }
}

/// The walk over a table's records.
struct DBFWalk {
  private static let types = Set("CNLDMFBGIYTPOQVW@+".utf8)
  private static let mostFields = 2048

  private let file: Source
  private let header: [UInt8]
  private let headerSize: UInt64
  private let recordSize: UInt64

  init(_ file: Source) throws {
    self.file = file
    header = try file.read(at: 0, count: 32)
    headerSize = UInt64(try header.little(UInt16.self, at: 8))
    recordSize = UInt64(try header.little(UInt16.self, at: 10))
  }

  /// Whether 32 bytes describe a field: a name with nothing but zeros behind, a type, a length.
  static func isField(_ bytes: ArraySlice<UInt8>) -> Bool {
    let name = bytes.prefix(11)
    let letters = name.prefix { $0 != 0 }
    guard bytes.count >= 32, let first = letters.first, (0x41...0x5A).contains(first & 0xDF),
      letters.allSatisfy({ $0 == 0x5F || (0x30...0x39).contains($0) || $0 >= 0x41 }),
      letters.count <= 10
    else { return false }
    return types.contains(bytes[bytes.startIndex + 11]) && bytes[bytes.startIndex + 16] > 0
  }

  func examination() throws -> Examination {
    try checkFields()
    let count = UInt64(try header.little(UInt32.self, at: 4))
    var end = ByteOffset(headerSize + count * recordSize)
    guard end <= file.range.upperBound else { throw Truncated() }
    var window = Window(file, span: recordSize < 0x1000 ? 0x1_0000 : 0x400)
    var at = ByteOffset(headerSize)
    while at < end {
      guard [0x20, 0x2A].contains(try window.byte(at: at)) else {
        throw Malformed("dBASE", "no record starts here", at: at)
      }
      at = try at + ByteCount(recordSize)
    }
    if try file.readPrefix(at: end, count: 1) == [0x1A] { end = try end + 1 }
    // Records of which one mark in many bytes is known tell little.
    var result = Examination.whole(
      "dbf", "dBASE", end: end, and: recordSize > 2048 ? [.payloadUnchecked] : [])
    let year = 1900 + Int(header[1])
    result.date = Timestamp(
      year: year < 1980 ? year + 100 : year, month: Int(header[2]), day: Int(header[3]))
    return result
  }

  /// Whether the fields fill the header, and their lengths a record.
  private func checkFields() throws {
    guard headerSize >= 65, recordSize > 1 else {
      throw Malformed("dBASE", "its sizes are none", at: 8)
    }
    let bytes = try file.read(at: 0, count: ByteCount(headerSize))
    var (at, total): (Int, UInt64) = (32, 1)
    while at + 32 <= bytes.count, bytes[at] != 0x0D, at < 32 * Self.mostFields {
      guard Self.isField(bytes[at..<(at + 32)]) else {
        throw Malformed("dBASE", "a field is none", at: ByteOffset(UInt64(clamping: at)))
      }
      // Long texts of Clipper carry a second byte of length.
      let isLong = bytes[at + 11] == 0x43 && bytes[at + 17] > 0
      total += UInt64(bytes[at + 16]) + (isLong ? UInt64(bytes[at + 17]) << 8 : 0)
      at += 32
    }
    guard at < bytes.count, bytes[at] == 0x0D, total == recordSize else {
      throw Malformed("dBASE", "its fields do not make up a record", at: 32)
    }
  }
}
