// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats

enum PSTSpecimens {
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32(.iso, state: 0)
    crc.update(bytes)
    return crc.register
  }

  private static func page(_ type: UInt8, level: UInt8, entry: Int, _ entries: [[UInt8]]) -> [UInt8]
  {
    let body = entries.flatMap { $0 + zeros(entry - $0.count) }
    let bytes =
      body + zeros(488 - body.count) + [UInt8(entries.count), 15, UInt8(entry), level] + zeros(4)
    return bytes + [type, type, 0, 0] + little(checksum(bytes)) + zeros(8)
  }

  private static func block(_ data: [UInt8]) -> [UInt8] {
    let total = (data.count + 16 + 63) / 64 * 64
    return data + zeros(total - 16 - data.count) + little(UInt16(data.count)) + zeros(2)
      + little(checksum(data)) + zeros(8)
  }

  static let all: [Specimen] = {
    let blocks = [junk(100, seed: 1), junk(900, seed: 2)].map(block)
    let starts = [2048, 2048 + blocks[0].count]
    let leaves = zip(starts, [100, 900]).map { start, size in
      little(UInt64(4)) + little(UInt64(start)) + little(UInt16(size)) + [2, 0]
    }
    let trees =
      page(0x81, level: 0, entry: 32, [])
      + page(0x80, level: 1, entry: 24, [zeros(16) + little(UInt64(1536))])
      + page(0x80, level: 0, entry: 24, leaves)
    let end = starts[1] + blocks[1].count
    var body = ascii("SM") + [23, 0, 19, 0, 1, 1] + zeros(0xB8 - 16) + little(UInt64(end))
    body += zeros(0xE0 - 8 - body.count) + little(UInt64(512)) + zeros(8) + little(UInt64(1024))
    body += zeros(504 - body.count)
    let header = ascii("!BDN") + little(checksum(Array(body[..<471]))) + body
    return [
      Specimen(
        .pst, header + trees + blocks.joined(), type: "pst", verdict: .verified,
        boundaries: [512, 1024, 1536, 2048, starts[1]],
        covered: [4..<479, 512..<1000, 1536..<2024, 2048..<2148, starts[1]..<(starts[1] + 900)])
    ]
  }()
}
