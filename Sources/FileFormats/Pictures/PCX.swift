// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// ZSoft Paintbrush pictures: a header of 128 bytes, run-length coded rows, and a palette of 256
  /// colours behind them.
  ///
  /// | Offset | Size | Field    | Unit                                    |
  /// |-------:|-----:|----------|-----------------------------------------|
  /// |   0x00 |    4 | start    | 0A, version, 1 for run lengths, depth   |
  /// |   0x04 |    8 | window   | left, top, right, bottom; inclusive     |
  /// |   0x41 |    1 | planes   |                                         |
  /// |   0x42 |    2 | row      | bytes of one plane                      |
  ///
  /// - Source: ZSoft, *PCX Technical Reference Manual*, revision 5.
  package static let pcx = FileFormat(
    id: "pcx", name: "PCX picture", category: .photo, extensions: ["pcx", "pcc"],
    validation: .decoding,
    signatures: ([5, 3, 2, 0, 4] as [UInt8]).flatMap { version in
      ([1, 2, 4, 8] as [UInt8]).map { Signature([0x0A, version, 1, $0], alignment: 512) }
    },
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: 128)).flatMap { try? PCXHeader(parsing: $0) } != nil
    }
  ) { file in
    try Examination.weakWalk(file) {
      let picture = try PCXPicture.follow(file, from: 0)
      return .whole("pcx", "PCX", end: picture.end, and: picture.evidence)
    }
  }

  /// Several PCX pictures in one file, as fax programs write: a list of their places.
  ///
  ///     0  B1 68 DE 3A   4  u32 offset of a picture, up to 1023, then 0
  ///
  /// - Source: ZSoft, *PCX Technical Reference Manual*, revision 5, "DCX".
  package static let dcx = FileFormat(
    id: "dcx", name: "DCX pictures", category: .photo, validation: .decoding,
    signatures: [Signature([0xB1, 0x68, 0xDE, 0x3A])], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let first = try? bytes.little(UInt32.self, at: 4) else { return false }
      return (12...0x2000).contains(first)
    }
  ) { file in
    try Examination.walk("dcx", file) {
      var end: ByteOffset = 0
      var evidence: Set<Evidence> = []
      for place in try PCXPicture.places(file) {
        let picture = try PCXPicture.follow(file, from: ByteOffset(UInt64(place)))
        end = max(end, picture.end)
        evidence.formUnion(picture.evidence)
      }
      let order = evidence.sorted { "\($0)" < "\($1)" }
      return .whole("dcx", "DCX", end: end, and: order)
    }
  }
}

/// The header of a PCX picture.
private struct PCXHeader {
  let rowLength: UInt64
  let planes: UInt64
  let height: UInt64
  let hasPalette: Bool

  init(parsing head: [UInt8]) throws {
    let version = try head.little(UInt8.self, at: 1)
    let depth = UInt64(try head.little(UInt8.self, at: 3))
    let left = try head.little(UInt16.self, at: 4)
    let top = try head.little(UInt16.self, at: 6)
    let right = try head.little(UInt16.self, at: 8)
    let bottom = try head.little(UInt16.self, at: 10)
    planes = UInt64(try head.little(UInt8.self, at: 65))
    rowLength = UInt64(try head.little(UInt16.self, at: 66))
    guard head.first == 0x0A, version <= 5, version != 1, head[2] == 1,
      [1, 2, 4, 8].contains(depth), right >= left, bottom >= top, (1...4).contains(planes)
    else { throw Malformed("PCX", "an impossible header") }
    height = UInt64(bottom) &- UInt64(top) &+ 1
    let least = ((UInt64(right) &- UInt64(left) &+ 1) &* depth &+ 7) / 8
    guard rowLength >= least, rowLength <= least &+ 64, least > 1 || height > 1 else {
      throw Malformed("PCX", "rows of \(rowLength) bytes", at: 66)
    }
    hasPalette = version == 5 && depth == 8 && planes == 1
  }
}

/// One PCX picture, followed row by row.
private struct PCXPicture {
  let end: ByteOffset
  let evidence: [Evidence]

  /// The places in a DCX list.
  static func places(_ file: Source) throws -> [UInt32] {
    let list = try file.readPrefix(at: 4, count: 4096)
    var places: [UInt32] = []
    for index in 0..<1024 {
      let place = try list.little(UInt32.self, at: 4 * index)
      if place == 0 { break }
      guard place >= 12 else { throw Malformed("DCX", "a picture inside the list", at: 4) }
      places.append(place)
    }
    guard !places.isEmpty else { throw Malformed("DCX", "it lists no picture", at: 4) }
    return places
  }

  /// Rows end where runs end, as the specification demands; some writers let runs cross, which is
  /// believed where a palette stands at the end, or from the first rows on.
  static func follow(_ file: Source, from start: ByteOffset) throws -> PCXPicture {
    let header = try PCXHeader(parsing: file.read(at: start, count: 128))
    var window = Window(file)
    var position = try start + 128
    var crossing: ByteOffset?
    let row = Int(clamping: header.rowLength &* header.planes)
    // What a run has too much for its row counts for the next.
    var left = 0
    for index in 0..<header.height {
      left &+= row
      while left > 0 {
        let lead = try window.byte(at: position)
        let count = lead >= 0xC0 ? Int(lead & 0x3F) : 1
        guard count > 0 else { throw Malformed("PCX", "a run of nothing", at: position) }
        position = try position + (lead >= 0xC0 ? 2 : 1)
        left &-= count
        guard left < 0 else { continue }
        guard index &+ 1 < header.height, crossing != nil || index < 16 || header.hasPalette else {
          throw Malformed("PCX", "a run leaves its row", at: position)
        }
        crossing = crossing ?? position
      }
    }
    // A run of two bytes whose value is missing ends in the middle of nothing.
    guard position <= file.range.upperBound else { throw Truncated() }
    var evidence: [Evidence] = crossing == nil ? [.decoded("PCX")] : [.payloadUnchecked]
    if header.hasPalette {
      guard position < file.range.upperBound else { throw Truncated() }
      // Some writers fill up to an even place first.
      if try window.holds([0, 0x0C], at: position) { position = try position + 1 }
      if try window.byte(at: position) == 0x0C {
        position = try position + 769
        guard position <= file.range.upperBound else { throw Truncated() }
      } else if let crossing {
        throw Malformed("PCX", "a run leaves its row", at: crossing)
      } else {
        evidence.append(.endReasoned)
      }
    } else if crossing != nil {
      evidence.append(.endReasoned)
    }
    return PCXPicture(end: position, evidence: evidence)
  }
}
