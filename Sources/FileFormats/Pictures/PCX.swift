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
    var result = try Examination.weakWalk(file) {
      let picture = try PCXPicture.follow(file, from: 0)
      return .whole("pcx", "PCX", end: picture.end, and: picture.evidence)
    }
    // Rows that end with their runs for so long are no chance.
    if case .broken(let offset) = result.end, offset >= 0x800 {
      result.evidence.append(.headerMatched("pcx"))
    }
    return result
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
