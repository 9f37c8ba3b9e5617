// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// JPEG pictures, with EXIF and several pictures in one file (MPO): segments and scans, each
  /// decoded to its last unit.
  ///
  /// - Source: ITU-T T.81 (1992), annex B "Compressed data formats".
  package static let jpeg = FileFormat(
    id: "jpg", name: "JPEG picture", category: .photo,
    extensions: ["jpg", "jpeg", "jpe", "jfif", "mpo", "jps"],
    validation: .decoding,
    signatures: JPEGMarker.signatures, maximumSize: 0x1000_0000,
    resembles: JPEGMarker.startPicture,
    checkpoint: { head in
      var walk = JPEGWalk(head, at: 0)
      return walk.checkpoint().map { walk in Checkpoint { try examine($0, walk.resumed(in: $0)) } }
    }
  ) { file in
    try examine(file, JPEGWalk(file, at: 0))
  }

  private static func examine(_ file: Source, _ start: JPEGWalk) throws -> Examination {
    var walk = start
    var result = try Examination.walk("jpg", file) {
      let end = try walk.follow()
      if let damage = walk.damage {
        return .damaged(
          at: damage.offset, end: end, problem: damage.problem, evidence: [.headerMatched("jpg")])
      }
      let last = try MultiPicture.end(of: file, first: end, index: walk.multiPicture)
      return .whole("jpg", "JPEG", end: last, and: walk.isDecoded ? [.decoded("JPEG")] : [])
    }

    result.strain = walk.rows?.strain
    if result.end != .truncated, let jump = walk.rows?.firstJump {
      result = result.doubtful(from: jump.lowerBound, to: jump.upperBound)
      if result.end == .complete { result.evidence.append(.pictureJumps(jump.lowerBound)) }
    }
    // A broken picture has a camera and a date too.
    walk.exif.map { $0.describe(&result) }
    return result
  }
}

/// The markers that part a JPEG stream.
enum JPEGMarker {
  /// The start of a picture, and the lead of every marker that may follow it: a frame or a table (C0 to
  /// CF), quantization (DB), a restart interval (DD), an application's data (E0 to EF), a comment (FE), or
  /// fill (FF).
  static let signatures = [
    Signature.Element(0xC0, mask: 0xF0), .init(0xDB), .init(0xDD), .init(0xE0, mask: 0xF0),
    .init(0xFE),
    .init(0xFF),
  ].map { Signature(masked: [.init(0xFF), .init(0xD8), .init(0xFF), $0]) }

  static let startOfImage: UInt8 = 0xD8
  static let endOfImage: UInt8 = 0xD9
  static let startOfScan: UInt8 = 0xDA
  static let huffmanTables: UInt8 = 0xC4
  static let quantisationTables: UInt8 = 0xDB
  static let restartInterval: UInt8 = 0xDD
  static let lineCount: UInt8 = 0xDC
  static let restarts: ClosedRange<UInt8> = 0xD0...0xD7

  /// Whether `marker` announces a segment with a length, as it may stand before a scan.
  static func hasSegment(_ marker: UInt8) -> Bool {
    switch marker {
    case 0xC0...0xC7, 0xC9...0xCF, 0xDA...0xDD, 0xDE, 0xDF, 0xE0...0xEF, 0xFE: true
    default: false
    }
  }

  /// Whether segments follow one another from the start, as far as these bytes go.
  static func startPicture(_ bytes: RawSpan) -> Bool {
    var position = 2
    for _ in 0..<64 {
      guard let lead = try? bytes.little(UInt8.self, at: position),
        let marker = try? bytes.little(UInt8.self, at: position + 1)
      else { return position > 2 && bytes.byteCount >= 4 }
      guard lead == 0xFF else { return false }
      if marker == 0xFF {
        position += 1
        continue
      }
      guard hasSegment(marker) else { return false }
      guard let count = try? bytes.big(UInt16.self, at: position + 2) else { return true }
      if marker == startOfScan { return position > 2 && (6...14).contains(count) }
      guard count >= 2 else { return false }
      position += 2 + Int(count)
    }
    return false
  }
}
