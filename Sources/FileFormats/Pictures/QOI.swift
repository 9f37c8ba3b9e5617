// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Quite OK Image pictures: their codes are followed to the last pixel and the end mark.
  ///
  ///     0  `qoif`   4  u32 width   8  u32 height   12  u8 channels   13  u8 colour space   14  codes
  ///     FE r g b    FF r g b a    00… 01… one byte    10… two bytes    11n  n + 1 times the same
  ///
  /// - Source: D. Szablewski, *The Quite OK Image Format*, version 1.0.
  package static let qoi = FileFormat(
    id: "qoi", name: "QOI picture", category: .photo, validation: .decoding,
    signatures: [Signature("qoif")], maximumSize: 0x8000_0000,
    resembles: { bytes in
      guard let width = try? bytes.big(UInt32.self, at: 4),
        let height = try? bytes.big(UInt32.self, at: 8),
        let channels = try? bytes.little(UInt8.self, at: 12),
        let space = try? bytes.little(UInt8.self, at: 13)
      else { return false }
      return (1...0xF_FFFF).contains(width) && (1...0xF_FFFF).contains(height)
        && (3...4).contains(channels) && space <= 1
    }
  ) { file in
    try Examination.walk("qoi", file) {
      var window = Window(file)
      var left =
        UInt64(try window.big(UInt32.self, at: 4)) &* UInt64(try window.big(UInt32.self, at: 8))
      guard left <= 400_000_000 else { throw Malformed("QOI", "more pixels than may be", at: 4) }
      var position: ByteOffset = 14
      while left > 0 {
        let code = try window.byte(at: position)
        var pixels: UInt64 = 1
        switch code {
        case 0xFE: position = try position + 4
        case 0xFF: position = try position + 5
        case 0x80...0xBF: position = try position + 2
        case 0xC0...0xFD:
          pixels = UInt64(code & 63) &+ 1
          position = try position + 1
        default: position = try position + 1
        }
        guard pixels <= left else {
          throw Malformed("QOI", "a run leaves the picture", at: position)
        }
        left &-= pixels
      }
      guard try position + 8 <= file.range.upperBound else { throw Truncated() }
      guard try window.holds([0, 0, 0, 0, 0, 0, 0, 1], at: position) else {
        throw Malformed("QOI", "no end mark behind the last pixel", at: position)
      }
      return try .whole("qoi", "QOI", end: position + 8, and: [.decoded("QOI")])
    }
  }
}
