// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Truevision pictures: a header without a mark of its own, pixels, plain or run-length coded, and
  /// since version 2 a footer, which alone makes a plain picture credible.
  ///
  /// | Offset | Size | Field      | Unit                                              |
  /// |-------:|-----:|------------|---------------------------------------------------|
  /// |   0x00 |    1 | id length  | bytes behind the header                           |
  /// |   0x01 |    1 | palette    | 0 none, 1 present                                 |
  /// |   0x02 |    1 | kind       | 1 palette, 2 colours, 3 grey; 9, 10, 11 run-coded |
  /// |   0x03 |    5 | palette    | first entry, count, depth                         |
  /// |   0x08 |    8 | dimensions | left, top, width, height                          |
  /// |   0x10 |    1 | depth      | bits                                              |
  /// |   0x11 |    1 | descriptor | alpha bits, order of the rows                     |
  ///
  /// - Source: Truevision, *TGA File Format Specification 2.0*.
  package static let tga = FileFormat(
    id: "tga", name: "TGA picture", category: .photo, extensions: ["tga", "vda", "icb", "vst"],
    validation: .decoding, signatures: TGAHeader.signatures, maximumSize: 0x2000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: 18)).flatMap { try? TGAHeader(parsing: $0) } != nil
    }
  ) { file in
    try Examination.weakWalk(file) { try TGAWalk(file).examination() }
  }
}

/// The walk over a TGA picture.
private struct TGAWalk {
  private static let footer: [UInt8] = Array("TRUEVISION-XFILE.\0".utf8)
  /// How far behind the pixels a footer is looked for: developers keep data of their own there.
  private static let farthest: ByteCount = 0x2_0000

  private let file: Source
  private let header: TGAHeader

  init(_ file: Source) throws {
    self.file = file
    header = try TGAHeader(parsing: file.read(at: 0, count: 18))
  }

  func examination() throws -> Examination {
    let end =
      try header.isCoded
      ? decoded() : header.data + ByteCount(header.pixels &* header.pixelSize)
    guard end <= file.range.upperBound else { throw Truncated() }
    guard let last = try footerEnd(after: end) else {
      // Only zeros may follow up to the end of the sector, as they do behind most files.
      let rest = ByteCount((512 - end.rawValue % 512) % 512)
      guard header.pixels > 16,
        try file.readPrefix(at: end, count: rest).allSatisfy({ $0 == 0 })
      else { throw Malformed("TGA", "its last sector goes on", at: end) }
      // Nothing confirms a plain picture; one whose last run ends with its last pixel is likelier.
      let proof: [Evidence] =
        header.isCoded
        ? [.structureHolds(format: "TGA", length: ByteCount(end.rawValue))] : []
      return .complete(
        at: end, evidence: [.headerMatched("tga"), .endReasoned, .payloadUnchecked] + proof)
    }
    var result = Examination.whole(
      "tga", "TGA", end: last, and: header.isCoded ? [.decoded("TGA")] : [.payloadUnchecked])
    try describe(&result, footer: last)
    return result
  }

  /// Takes the date and the job's name from the extension area that the footer names.
  private func describe(_ result: inout Examination, footer end: ByteOffset) throws {
    let place = ByteOffset(
      UInt64(try file.little(UInt32.self, at: end.moved(back: 26, notBefore: 0))))
    guard place >= header.data, place.advancedClamped(by: 495) <= end else { return }
    let area = try file.read(at: place, count: 495)
    guard try area.little(UInt16.self, at: 0) == 495 else { return }
    let fields = try (0..<6).map { Int(try area.little(UInt16.self, at: 367 + 2 * $0)) }
    if fields[2] > 1900 {
      result.date = Timestamp(
        year: fields[2], month: fields[0], day: fields[1], hour: fields[3], minute: fields[4],
        second: fields[5])
    }
    result.name = ContentText.text(area[379..<420])
  }

  /// Where the runs end that make up all pixels.
  private func decoded() throws -> ByteOffset {
    var window = Window(file)
    var position = header.data
    var left = header.pixels
    while left > 0 {
      let lead = try window.byte(at: position)
      let count = UInt64(lead & 0x7F) &+ 1
      guard count <= left else { throw Malformed("TGA", "a run leaves the picture", at: position) }
      left &-= count
      let size = lead & 0x80 != 0 ? header.pixelSize : count &* header.pixelSize
      position = try position + 1 + ByteCount(size)
    }
    return position
  }

  /// Where the footer behind the pixels ends, which lies directly there or behind the areas that it
  /// names; nil where there is none.
  private func footerEnd(after end: ByteOffset) throws -> ByteOffset? {
    let bytes = try file.readPrefix(at: end, count: Self.farthest)
    var from = 0
    while let index = bytes.withSpan({ $0.firstIndex(of: Self.footer, from: from) }) {
      from = index + 1
      guard index >= 8 else { continue }
      let start = try end + ByteCount(clamping: index - 8)
      let places = [
        ByteOffset(UInt64(try bytes.little(UInt32.self, at: index - 8))),
        ByteOffset(UInt64(try bytes.little(UInt32.self, at: index - 4))),
      ]
      let isOwn = places.allSatisfy { $0 == 0 || ($0 >= header.data && $0 < start) }
      let isNamed = places.contains { $0 >= end }
      guard isOwn, index == 8 || isNamed else { return nil }
      return try end + ByteCount(clamping: index + Self.footer.count)
    }
    return nil
  }
}
