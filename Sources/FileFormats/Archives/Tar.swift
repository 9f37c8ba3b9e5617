// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Tape archive in all its dialects: a header block with a checksum for each member, its data,
  /// and two zero blocks at the end, which most writers fill up to a record of 10,240 bytes.
  ///
  /// An archive of the seventh edition has no magic; its three fields of octal digits are met at
  /// sector starts. So is the label of a GNU archive, which has a date and a checksum.
  ///
  /// - Source: IEEE Std 1003.1, *pax*, "ustar Interchange Format"; GNU tar manual, "Basic Tar
  ///   Format".
  package static let tar = FileFormat(
    id: "tar", name: "tar archive", category: .archive, extensions: ["tar", "ova", "gem"],
    validation: .size,
    signatures: [
      Signature("ustar", at: 257),
      Signature(masked: octal(7, [0]) + octal(7, [0]) + octal(7, [0]), at: 100, alignment: 512),
      Signature(
        masked: octal(6, [0x20, 0]) + octal(6, [0x20, 0]) + octal(6, [0x20, 0]), at: 100,
        alignment: 512),
      Signature(
        masked: octal(11, [0]) + octal(6, [0, 0x20, 0x56]), at: 136, alignment: 512),
    ],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      guard let block = try? bytes.copy(at: 0, count: 512), TarHeader(block) != nil
      else { return false }
      return block.holds(Array("ustar".utf8), at: 257)
        || (block[257..<329] + block[345...]).allSatisfy { $0 == 0 }
          && [0, 0x30, 0x31, 0x32, 0x35, 0x56].contains(block[156])
    }
  ) { file in
    try Examination.walk("tar", file) {
      var walk = TarWalk(file)
      return try walk.examination()
    }
  }

  private static func octal(_ digits: Int, _ end: [UInt8]) -> [Signature.Element] {
    [Signature.Element](repeating: .init(0x30, mask: 0xF8), count: digits)
      + end.map { Signature.Element($0) }
  }
}
