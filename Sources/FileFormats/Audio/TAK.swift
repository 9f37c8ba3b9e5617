// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Tom's lossless Audio Kompressor, since version 1.1.1: blocks of metadata, of which one says where
  /// the last frame lies.
  ///
  ///     0 tBaK; then blocks: u8 type, u24 length   (little-endian)
  ///     type 0 ends them; type 7: u40 offset from there to the last frame, u24 its size, u24 CRC
  ///
  /// - Source: MultimediaWiki, *TAK*.
  package static let tak = FileFormat(
    id: "tak", name: "TAK sound", category: .audio, validation: .size,
    signatures: [Signature("tBaK")], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let word = try? bytes.little(UInt32.self, at: 4) else { return false }
      return word & 0xFF == 1 && (13...64).contains(word >> 8)
    }
  ) { file in
    try Examination.walk("tak", file) {
      var window = Window(file, span: 4096)
      var position: ByteOffset = 4
      var last: ByteCount?
      for _ in 0..<256 {
        let word = try window.little(UInt32.self, at: position)
        let data = try position + 4
        position = try data + ByteCount(UInt64(word >> 8))
        if word & 0x7F == 0 { break }
        guard word & 0x7F < 8 else { throw Malformed("TAK", "a block of unknown type", at: data) }
        if word & 0x7F == 7, word >> 8 == 11 {
          let place = try window.little(UInt64.self, at: data)
          last = ByteCount((place & 0xFF_FFFF_FFFF) + (place >> 40))
        }
      }
      guard let last, last > 0 else {
        return .broken(at: 0, problem: "it does not say where its last frame lies")
      }
      let end = try position + last
      guard end <= file.range.upperBound else { throw Truncated() }
      // Every frame starts with a sync of two bytes.
      guard try window.holds([0xFF, 0xA0], at: position) else {
        throw Malformed("TAK", "no frame follows", at: position)
      }
      let tags = try TrailingTags(in: file, after: end)
      return tags.examination("tak", "TAK", isEndStated: true, and: [.payloadUnchecked])
    }
  }
}
