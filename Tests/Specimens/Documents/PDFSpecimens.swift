// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

enum PDFSpecimens {
  /// Stored deflate blocks in zlib's wrapper.
  private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    let count = UInt16(bytes.count)
    return [0x78, 0x01, 1] + little(count) + little(~count) + bytes + big(b << 16 | a)
  }

  private static func digits(_ value: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: 10 - text.count) + text
  }

  private static func stream(_ number: Int, _ keys: String, _ data: [UInt8]) -> [UInt8] {
    ascii("\(number) 0 obj\n<< /Length \(data.count) \(keys) >>\nstream\n") + data
      + ascii("\nendstream\nendobj\n")
  }

  private static let objects: [[UInt8]] = [
    ascii("1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"),
    ascii("2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"),
    ascii(
      "3 0 obj\n<< /Title (A report) /CreationDate (D:20240203040506Z) >>\nendobj\n"),
    stream(4, "/Filter /FlateDecode", zlib(junk(700))),
  ]

  private static func body() -> (bytes: [UInt8], offsets: [Int]) {
    var bytes = ascii("%PDF-1.5\n%\u{E9}\u{E8}\n")
    var offsets: [Int] = []
    for object in objects {
      offsets.append(bytes.count)
      bytes += object
    }
    return (bytes, offsets)
  }

  private static func plain(first: String = "0 5\n0000000000 65535 f \n") -> [UInt8] {
    var (bytes, offsets) = body()
    let table = bytes.count
    bytes += ascii("xref\n" + first)
    for offset in offsets { bytes += ascii("\(digits(offset)) 00000 n \n") }
    return bytes
      + ascii("trailer\n<< /Size 5 /Root 1 0 R /Info 3 0 R >>\nstartxref\n\(table)\n%%EOF\n")
  }

  /// The offsets in a stream, each row's bytes less those of the row above.
  private static func packed() -> [UInt8] {
    var (bytes, offsets) = body()
    let table = bytes.count
    var rows: [UInt8] = []
    var above: [UInt8] = [0, 0, 0, 0]
    for offset in offsets + [table] {
      let row = [1] + big(UInt16(offset)) + [0]
      rows += [2] + zip(row, above).map { $0 &- $1 }
      above = row
    }
    let keys =
      "/Type /XRef /Size 6 /Index [1 5] /W [1 2 1] /Root 1 0 R /Info 3 0 R /Filter /FlateDecode "
      + "/DecodeParms << /Predictor 12 /Columns 4 >>"
    bytes += stream(5, keys, zlib(rows))
    return bytes + ascii("startxref\n\(table)\n%%EOF\n")
  }

  /// An edit behind the first end: the title again, and a table that names the one before.
  private static func edited() -> [UInt8] {
    var bytes = plain()
    let start = bytes.count
    bytes += ascii("3 0 obj\n<< /Title (A better report) >>\nendobj\n")
    let table = bytes.count
    let before = body().bytes.count
    bytes += ascii("xref\n3 1\n\(digits(start)) 00000 n \n")
    return bytes
      + ascii(
        "trailer\n<< /Size 5 /Root 1 0 R /Info 3 0 R /Prev \(before) >>\nstartxref\n\(table)\n%%EOF"
      )
  }

  /// A table whose place is wrong: the objects follow each other all the same.
  private static func misplaced() -> [UInt8] {
    let (bytes, _) = body()
    return bytes
      + ascii("xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n7\n%%EOF\n")
  }

  static let all: [Specimen] = {
    let date = Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6)
    let plain = Self.plain()
    let packed = Self.packed()
    let edited = Self.edited()
    let misplaced = Self.misplaced()
    let ends = body().offsets
    let data = (ends[3] + 60)..<(ends[3] + 700)
    func tail(_ bytes: [UInt8]) -> Range<Int> { (bytes.count - 1)..<bytes.count }
    return [
      Specimen(
        .pdf, plain, name: "A report", date: date, verdict: .intact, boundaries: ends,
        wholeCuts: [tail(plain)]),
      Specimen(
        .pdf, packed, label: "table in a stream", name: "A report", date: date, verdict: .intact,
        boundaries: ends, covered: [data], wholeCuts: [tail(packed)]),
      Specimen(
        .pdf, edited, label: "edited", name: "A better report", verdict: .intact, boundaries: ends,
        wholeCuts: [(plain.count - 1)..<edited.count]),
      Specimen(
        .pdf, misplaced, label: "misplaced table", verdict: .probable, boundaries: ends,
        covered: [data], wholeCuts: [(misplaced.count - 6)..<misplaced.count]),
    ]
  }()
}
