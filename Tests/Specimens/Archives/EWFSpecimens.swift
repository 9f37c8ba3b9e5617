// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats

enum EWFSpecimens {
  private static func adler(_ bytes: [UInt8]) -> [UInt8] {
    var sum = Adler32()
    sum.update(bytes)
    return little(sum.value)
  }

  /// A section that starts at `start`; the last one leads to itself.
  private static func section(_ type: String, at start: Int, _ data: [UInt8]) -> [UInt8] {
    let next = type == "done" ? start : start + 76 + data.count
    let size = little(UInt64(76 + data.count))
    let head = ascii(type, padTo: 16) + little(UInt64(next)) + size + zeros(40)
    return head + adler(head) + data
  }

  static let all: [Specimen] = {
    let plain = junk(1024)
    let chunks = [plain + adler(plain), XARSpecimens.stored(junk(600, seed: 3))]
    var bytes: [UInt8] = [0x45, 0x56, 0x46, 9, 0x0D, 0x0A, 0xFF, 0, 1, 1, 0, 0, 0]
    bytes += section("volume", at: bytes.count, junk(94))
    let start = bytes.count + 76
    bytes += section("sectors", at: bytes.count, chunks[0] + chunks[1])
    let head = little(UInt32(2)) + zeros(4) + little(UInt64(start)) + zeros(4)
    let offsets = little(UInt32(0)) + little(UInt32(chunks[0].count) | 1 << 31)
    bytes += section("table", at: bytes.count, head + adler(head) + offsets + adler(offsets))
    bytes += section("done", at: bytes.count, [])
    return [
      Specimen(
        .ewf, bytes, type: "e01", verdict: .verified, boundaries: [13, 89, 183, start],
        covered: [start..<(start + 1600), 13..<85, (bytes.count - 76)..<bytes.count])
    ]
  }()
}
