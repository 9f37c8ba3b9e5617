// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum WebFontSpecimens {
  static let all: [Specimen] = [compressed, second, embedded]

  /// A zlib stream of stored bytes.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return [0x78, 0x01, 1] + little(UInt16(data.count)) + little(~UInt16(data.count)) + data
      + big(high << 16 | low)
  }

  private static let compressed: Specimen = {
    let name = FontSpecimens.name
    let tables: [(String, [UInt8], Int, UInt32)] = [
      ("glyf", stored(junk(600)), 600, 0), ("name", name, name.count, FontSpecimens.sum(name)),
    ]
    var directory: [UInt8] = []
    var data: [UInt8] = []
    for (tag, bytes, length, sum) in tables {
      directory += ascii(tag) + big(UInt32(84 + data.count)) + big(UInt32(bytes.count))
      directory += big(UInt32(length)) + big(sum)
      data += bytes + zeros(-bytes.count & 3)
    }
    let head =
      ascii("wOFF") + big(UInt32(0x10000)) + big(UInt32(84 + data.count)) + big(UInt16(2))
      + zeros(2) + big(UInt32(1000)) + zeros(24)
    return Specimen(
      .woff, head + directory + data, name: "A boat", verdict: .verified, boundaries: [44, 84],
      covered: [84..<84 + 611, 84 + 612..<84 + 612 + name.count])
  }()

  private static let second: Specimen = {
    // A known tag with one length, one that is transformed, one with its tag spelt out.
    let directory: [UInt8] = [1, 54, 10, 0x84, 0x20, 0x83, 0x10, 0x3F] + ascii("boat") + [9]
    let stream = junk(703)
    let length = 48 + directory.count + stream.count
    let padded = (length + 3) & ~3
    let head =
      ascii("wOF2") + big(UInt32(0x10000)) + big(UInt32(padded)) + big(UInt16(3)) + zeros(2)
      + big(UInt32(2000)) + big(UInt32(stream.count)) + zeros(24)
    return Specimen(
      .woff2, head + directory + stream + zeros(padded - length), verdict: .probable,
      boundaries: [48, 48 + directory.count])
  }()

  private static let embedded: Specimen = {
    let font = FontSpecimens.all[0].bytes
    let names = little(UInt16(8)) + Array("Boat".utf16).flatMap { little($0) } + zeros(14)
    let size = UInt32(82 + names.count + font.count)
    let head =
      little(size) + little(UInt32(font.count)) + little(UInt32(0x20001)) + zeros(22)
      + [0x4C, 0x50] + junk(28) + zeros(18)
    return Specimen(
      .eot, head + names + font, name: "A boat", date: Timestamp(seconds: 1_400_000_000),
      verdict: .verified, boundaries: [82, 82 + names.count],
      wholeCuts: [Int(size) - 2..<Int(size)])
  }()
}
