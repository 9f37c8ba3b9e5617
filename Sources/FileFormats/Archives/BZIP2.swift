// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// bzip2: streams end to end, of blocks that start at any bit, each with its CRC.
  ///
  ///     0  "BZh", level '1' to '9'   4  31 41 59 26 53 59 (a block) or 17 72 45 38 50 90 (none)
  ///
  /// - Source: J. Tsai, *BZIP2: Format Specification*.
  package static let bzip2 = FileFormat(
    id: "bz2", name: "bzip2 archive", category: .archive,
    extensions: ["bz2", "tbz", "tbz2", "bz"], validation: .checksums,
    signatures: [
      Signature(masked: BZIP2.start(BZIP2.block)), Signature(masked: BZIP2.start(BZIP2.end)),
    ],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      guard let level = try? bytes.little(UInt8.self, at: 3), (0x31...0x39).contains(level) else {
        return false
      }
      // An empty stream has nothing to sum.
      return bytes.holds(BZIP2.block, at: 4) || bytes.holds(BZIP2.end + [0, 0, 0, 0], at: 4)
    }
  ) { file in
    try Examination.walk("bz2", file) {
      try PackedStreams(id: "bz2", name: "bzip2", checksum: "CRC-32").examination(of: file) {
        position in
        guard try BZIP2.isAtStream(file, position) else { return nil }
        let decoding = try Decoding.bzip2(file, from: position, limit: PackedStreams.longest)
        return .stream(
          decoding, end: position.advancedClamped(by: decoding.consumed), isChecked: true)
      }
    }
  }
}

/// The marks of a bzip2 stream.
private enum BZIP2 {
  /// The digits of pi.
  static let block: [UInt8] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
  /// The digits of its square root.
  static let end: [UInt8] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]

  static func start(_ mark: [UInt8]) -> [Signature.Element] {
    [0x42, 0x5A, 0x68].map { Signature.Element($0) } + [Signature.Element(0x30, mask: 0xF0)]
      + mark.map { Signature.Element($0) }
  }

  static func isAtStream(_ file: Source, _ position: ByteOffset) throws -> Bool {
    let head = try file.readPrefix(at: position, count: 10)
    return head.holds([0x42, 0x5A, 0x68], at: 0)
      && (head.holds(block, at: 4) || head.holds(end, at: 4))
  }
}
