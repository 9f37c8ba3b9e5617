// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Lotus 1-2-3 and Symphony: records from a beginning (kind 0) to an end (kind 1).
  ///
  /// - Source: Lotus, *Lotus File Formats for 1-2-3, Symphony & Jazz*; *1-2-3 Release 3 File Format*.
  package static let lotus = FileFormat(
    id: "wk1", name: "Lotus 1-2-3 worksheet", category: .document,
    extensions: ["wk1", "wks", "wrk", "wr1", "wk3", "wk4", "123"], validation: .structure,
    signatures: [
      Signature([0, 0, 2, 0, 4, 4, 6, 0, 8, 0]), Signature([0, 0, 2, 0, 5, 4, 6, 0, 8, 0]),
      Signature([0, 0, 2, 0, 6, 4, 6, 0, 8, 0]), Signature([0, 0, 0x1A, 0, 0, 0x10, 4, 0]),
      Signature([0, 0, 0x1A, 0, 2, 0x10, 4, 0]), Signature([0, 0, 0x1A, 0, 3, 0x10, 4, 0]),
      Signature([0, 0, 0x1A, 0, 5, 0x10, 4, 0]), Signature([0xFF, 0, 2, 0, 4, 4, 5, 0x54]),
    ],
    maximumSize: 0x1000_0000
  ) { file in
    let head = try file.read(at: 0, count: 6)
    let type =
      switch try head.little(UInt16.self, at: 4) {
      case 0x1000: "wk3"
      case 0x1002: "wk4"
      case 0x1003, 0x1005: "123"
      case 0x0404: "wks"
      case 0x0405: "wr1"
      default: "wk1"
      }
    return try SheetRecords(file, format: "wk1", type: type, begin: nil, end: 1).examination()
  }

  /// Quattro and Quattro Pro, before they used compound files: records as in 1-2-3.
  ///
  /// - Source: Borland, *Quattro Pro for Windows File Format*.
  package static let quattro = FileFormat(
    id: "wq1", name: "Quattro Pro worksheet", category: .document,
    extensions: ["wq1", "wq2", "wb1", "wb2"], validation: .structure,
    signatures: [
      Signature([0, 0, 2, 0, 0x20, 0x51]), Signature([0, 0, 2, 0, 0x21, 0x51]),
      Signature([0, 0, 2, 0, 1, 0x10]), Signature([0, 0, 2, 0, 2, 0x10]),
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      // The first records are short and of low kinds.
      var at = 6
      for _ in 0..<3 {
        guard let kind = try? bytes.little(UInt16.self, at: at),
          let length = try? bytes.little(UInt16.self, at: at + 2), kind < 0x400, length < 0x100
        else { return false }
        at += 4 + Int(length)
      }
      return true
    }
  ) { file in
    let head = try file.read(at: 0, count: 6)
    let type =
      switch try head.little(UInt16.self, at: 4) {
      case 0x5121: "wq2"
      case 0x1001: "wb1"
      case 0x1002: "wb2"
      default: "wq1"
      }
    return try SheetRecords(file, format: "wq1", type: type, begin: nil, end: 1).examination()
  }

  /// Excel 2 to 4: parts from a record that begins one to one that ends it. Later versions keep their
  /// records in a compound file, and those are not looked for: they would be pieces of it.
  ///
  /// - Source: D. Rentz, *OpenOffice.org's Documentation of the Microsoft Excel File Format*, §4.
  package static let biff = FileFormat(
    id: "xls", name: "Excel worksheet (plain records)", category: .document,
    extensions: ["xls", "xlw", "xlc", "xlm"], validation: .structure,
    signatures: [
      Signature([0x09, 0, 4, 0]), Signature([0x09, 2, 6, 0]), Signature([0x09, 4, 6, 0]),
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let kind = try? bytes.little(UInt16.self, at: 0),
        let version = try? bytes.little(UInt16.self, at: 4),
        let content = try? bytes.little(UInt16.self, at: 6)
      else { return false }
      guard version < 0x10, [0x10, 0x20, 0x40, 0x100].contains(content) else { return false }
      // The first records are short and of low kinds.
      var at = kind == 9 ? 8 : 10
      for _ in 0..<3 {
        guard let kind = try? bytes.little(UInt16.self, at: at),
          let length = try? bytes.little(UInt16.self, at: at + 2), kind < 0x500, length < 0x100
        else { return false }
        at += 4 + Int(length)
      }
      return true
    }
  ) { file in
    let kind = try file.little(UInt16.self, at: 0)
    return try SheetRecords(file, format: "xls", type: "xls", begin: kind, end: 0x0A).examination()
  }
}

/// Records of a worksheet: u16 kind, u16 length, content.
private struct SheetRecords {
  private static let mostRecords = 20_000_000
  private static let fewRecords = 8
  private static let highestKind: UInt16 = 0x1400
  let file: Source
  let format: String
  let type: String
  /// The kind of record that begins a part, where parts nest.
  let begin: UInt16?
  let end: UInt16

  init(_ file: Source, format: String, type: String, begin: UInt16?, end: UInt16) {
    self.file = file
    self.format = format
    self.type = type
    self.begin = begin
    self.end = end
  }

  func examination() throws -> Examination {
    var records = 0
    var position: ByteOffset = 0
    do {
      position = try follow(&records)
    } catch let error as Malformed {
      return .broken(at: error.offset, problem: error.problem, evidence: evidence(records))
    } catch is Truncated {
      return .truncated(at: file.range.upperBound, evidence: evidence(records))
    }
    // Two numbers a record are weak proof: chance builds short chains, and their content is not looked at.
    guard records >= Self.fewRecords else {
      throw Malformed("worksheet", "too few records", at: position)
    }
    var result = Examination.whole(format, "worksheet", end: position, and: [.payloadUnchecked])
    result.type = type
    return result
  }

  /// A few records may look right by chance.
  private func evidence(_ records: Int) -> [Evidence] {
    records > 24 ? [.headerMatched(format)] : []
  }

  private func follow(_ records: inout Int) throws -> ByteOffset {
    var window = Window(file)
    var position: ByteOffset = 0
    var depth = 0
    while records < Self.mostRecords {
      let kind = try window.little(UInt16.self, at: position)
      let length = try window.little(UInt16.self, at: position + 2)
      guard kind < Self.highestKind || kind == 0xFFFF, kind != end || length == 0 else {
        throw Malformed("worksheet", "a record is foreign", at: position)
      }
      if records == 0 || kind == begin { depth += 1 }
      if kind == end { depth -= 1 }
      position = try position + 4 + ByteCount(UInt64(length))
      guard position <= file.range.upperBound else { throw Truncated() }
      records += 1
      if depth == 0 { return position }
    }
    throw Malformed("worksheet", "it has too many records", at: position)
  }
}
