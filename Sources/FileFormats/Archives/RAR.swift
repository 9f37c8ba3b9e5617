// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// RAR, of versions 1.5 to 4 and from 5 on: blocks, each with the checksum of its header, up to one
  /// that ends the archive.
  ///
  /// The packing method is not ours to undo: members that are packed stay unchecked.
  ///
  /// - Source: RARLAB, *technote.txt* of RAR 4.20; *RAR 5.0 archive format*.
  package static let rar = FileFormat(
    id: "rar", name: "RAR archive", category: .archive, extensions: ["rar", "cbr"],
    otherCategories: [.document: ["cbr"]], validation: .checksums,
    signatures: [Signature(RARMark.four), Signature(RARMark.five)],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      if bytes.holds(RARMark.five, at: 0) {
        guard let size = try? bytes.little(UInt8.self, at: 12),
          let type = try? bytes.little(UInt8.self, at: 13)
        else { return false }
        return size > 0 && (type == 1 || type == 4)
      }
      // The first block is the archive's own, of type 0x73.
      guard let type = try? bytes.little(UInt8.self, at: 9),
        let size = try? bytes.little(UInt16.self, at: 12)
      else { return false }
      return type == 0x73 && (13...0x2000).contains(size)
    }
  ) { file in
    try Examination.walk("rar", file) {
      try file.readPrefix(at: 0, count: 8) == RARMark.five
        ? RAR5Walk(file).examination() : RAR4Walk(file).examination()
    }
  }
}

/// What RAR archives begin with.
enum RARMark {
  static let four: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07, 0]
  static let five: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07, 1, 0]
}

/// How much of an archive's members was proven.
struct RARProof {
  private var members: UInt64 = 0
  private var proven: UInt64 = 0

  mutating func count(isProven: Bool) {
    members &+= 1
    proven &+= isProven ? 1 : 0
  }

  var evidence: [Evidence] {
    if members == 0 { return [] }
    return proven == members
      ? [.checksumsHold(count: proven, kind: "CRC-32")] : [.payloadUnchecked]
  }
}
