// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// REDCODE raw video: atoms of pictures and sound, up to one that ends the clip or its part.
  ///
  ///     0  u32 size  4  "RED1" or "RED2", then atoms: u32 size, "RDV1", "REDV", "REDA" … "REOB"
  ///
  /// - Source: no specification is public; known from the documentation of players.
  package static let r3d = FileFormat(
    id: "r3d", name: "REDCODE video", category: .video, validation: .structure,
    signatures: [Signature("RED1", at: 4), Signature("RED2", at: 4)],
    maximumSize: 0x2_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.big(UInt32.self, at: 0), (64...0x1_0000).contains(size) else {
        return false
      }
      // The next atom, where it lies at hand.
      return bytes.byteCount < Int(size) + 8
        || (try? bytes.little(UInt8.self, at: Int(size) + 4)) == 0x52
    }
  ) { file in
    try Examination.walk("r3d", file) { try R3DWalk(file).examination() }
  }
}

/// The walk over the atoms of a REDCODE file.
private struct R3DWalk {
  private static let mostAtoms = 20_000_000
  private static let ends = ["REOB", "REOF", "REOS"]

  private let file: Source

  init(_ file: Source) {
    self.file = file
  }

  func examination() throws -> Examination {
    var position: ByteOffset = 0
    var atoms = 0
    while atoms < Self.mostAtoms, let (type, end) = try atom(at: position) {
      guard end <= file.range.upperBound else { throw Truncated() }
      position = end
      atoms += 1
      if Self.ends.contains(type) { return .whole("r3d", "REDCODE", end: position) }
    }
    guard atoms > 2 else { throw Malformed("REDCODE", "no atom stands here", at: position) }
    return try .chain("r3d", "REDCODE", in: file, end: position)
  }

  /// The type of the atom at `start` and where it ends; nil where none stands.
  private func atom(at start: ByteOffset) throws -> (String, ByteOffset)? {
    let head = try file.readPrefix(at: start, count: 8)
    guard head.count == 8 else { return nil }
    let size = try head.big(UInt32.self, at: 0)
    let letters = try head.copy(at: 4, count: 4)
    let isName = letters.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    guard size >= 8, letters[0] == 0x52, isName else { return nil }
    return (String(decoding: letters, as: UTF8.self), try start + ByteCount(UInt64(size)))
  }
}
