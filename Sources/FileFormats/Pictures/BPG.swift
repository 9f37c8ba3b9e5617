// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Better Portable Graphics: a header of numbers of seven bits a byte, one of which is the length of
  /// the picture behind it.
  ///
  ///     0  42 50 47 FB   4  u8 kind of pixels, depth   5  u8 colours, flags (8: extensions)
  ///     6  width, height, length of the picture, length of the extensions if there are any
  ///
  /// - Source: F. Bellard, *BPG Specification 0.9.7*.
  package static let bpg = FileFormat(
    id: "bpg", name: "BPG picture", category: .photo, validation: .size,
    signatures: [Signature([0x42, 0x50, 0x47, 0xFB])], maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let kind = try? bytes.little(UInt8.self, at: 4),
        let colours = try? bytes.little(UInt8.self, at: 5)
      else { return false }
      return kind >> 5 <= 5 && kind & 15 <= 6 && colours >> 4 <= 4
    }
  ) { file in
    try Examination.walk("bpg", file) {
      let head = try file.readPrefix(at: 0, count: 64)
      var index = 6
      var numbers: [UInt64] = []
      let count = try head.little(UInt8.self, at: 5) & 8 != 0 ? 4 : 3
      while numbers.count < count {
        var value: UInt64 = 0
        var byte: UInt8 = 0x80
        while byte & 0x80 != 0 {
          byte = try head.little(UInt8.self, at: index)
          value = value << 7 | UInt64(byte & 0x7F)
          index += 1
        }
        numbers.append(value)
      }
      guard numbers[0] > 0, numbers[1] > 0, numbers[0] < 0x10_0000, numbers[1] < 0x10_0000 else {
        throw Malformed("BPG", "an impossible size", at: 6)
      }
      // No length means that the picture reaches to the end of the file, wherever that is.
      guard numbers[2] > 0 else { throw Malformed("BPG", "a picture of no length", at: 6) }
      let start = ByteOffset(ByteCount(clamping: index))
      let end = try start + ByteCount(numbers[2]) + ByteCount(count == 4 ? numbers[3] : 0)
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("bpg", "BPG", end: end, and: [.payloadUnchecked])
    }
  }
}
