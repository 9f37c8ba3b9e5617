// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats

enum DWGSpecimens {
  static let all: [Specimen] = [sections, spread, pages]

  private static let opening: [UInt8] = [
    0xD4, 0x7B, 0x21, 0xCE, 0x28, 0x93, 0x9F, 0xBF, 0x53, 0x24, 0x40, 0x09, 0x12, 0x3C, 0xAA, 0x01,
  ]
  private static let preview: [UInt8] = [
    0x1F, 0x25, 0x6D, 0x07, 0xD4, 0x36, 0x28, 0x28, 0x9D, 0x57, 0xCA, 0x3F, 0x9D, 0x44, 0x10, 0x2B,
  ]
  private static let header: [UInt8] = [
    0x95, 0xA0, 0x4E, 0x28, 0x99, 0x82, 0x1A, 0xE5, 0x5E, 0x41, 0xE0, 0x5F, 0x9D, 0x3A, 0x4D, 0x00,
  ]

  private static func version(_ text: String, preview: Int) -> [UInt8] {
    ascii(text, padTo: 13) + little(UInt32(preview)) + zeros(4)
  }

  /// AutoCAD 2000.
  private static let sections: Specimen = {
    func locator(_ number: UInt8, _ start: Int, _ size: Int) -> [UInt8] {
      [number] + little(UInt32(start)) + little(UInt32(size))
    }
    let second = opening + junk(120) + opening.map { ~$0 }
    let picture = preview + little(UInt32(300)) + junk(300) + preview.map { ~$0 }
    let head =
      version("AC1015", preview: 1300 + second.count) + little(UInt32(3)) + locator(0, 70, 300)
      + locator(1, 370, 200) + locator(2, 1100, 200) + [1, 2] + header
    let bytes = head + junk(1300 - head.count) + second + picture
    return Specimen(
      .dwg, bytes, label: "2000", verdict: .probable,
      boundaries: [25, 70, 370, 1300, 1300 + second.count])
  }()

  /// AutoCAD 2007, with a header that is not packed.
  private static let spread: Specimen = {
    let size = 0x480 + 2000 + 0x400
    let fields =
      little(UInt64(0x70)) + little(UInt64(size)) + zeros(56) + little(UInt64(2000)) + zeros(0xC0)
    var plain = junk(24) + little(Int32(-0x110)) + zeros(4) + fields
    plain += zeros(3 * 239 - plain.count)
    var encoded = junk(0x400, seed: 3)
    for index in plain.indices { encoded[index % 239 * 3 + index / 239] = plain[index] }
    let bytes = version("AC1021", preview: 0) + zeros(0x80 - 21) + encoded + junk(2000) + encoded
    return Specimen(
      .dwg, bytes, label: "2007", verdict: .probable, boundaries: [0x80, 0x480, 0x480 + 2000],
      covered: [size - 0x400..<size])
  }()

  /// The checksum of pages, a kind of Adler's.
  private static func checksum(_ bytes: [UInt8], from seed: UInt32 = 0) -> UInt32 {
    var (low, high) = (seed & 0xFFFF, seed >> 16)
    for byte in bytes {
      low = (low + UInt32(byte)) % 0xFFF1
      high = (high + low) % 0xFFF1
    }
    return high << 16 | low
  }

  private static func page(at start: Int, _ data: [UInt8]) -> [UInt8] {
    let sum = checksum(data)
    let size = (32 + data.count + 31) & ~31
    let fields =
      [0x4163_043B, 1, UInt32(data.count), UInt32(size), 0, 0, 0, sum].flatMap { little($0) }
    let own = little(checksum(fields, from: sum))
    let plain = fields[..<24] + own + fields[28...]
    let mask = little(0x4164_536B ^ UInt32(start))
    return plain.enumerated().map { $1 ^ mask[$0 % 4] } + data + zeros(size - 32 - data.count)
  }

  /// A page that lists others, packed as bytes that stand for themselves.
  private static func list(_ data: [UInt8]) -> [UInt8] {
    let packed = [0, UInt8(data.count - 0x12)] + data + [0x11, 0, 0]
    let fields =
      [0x4163_0E3B, UInt32(data.count), UInt32(packed.count), 2].flatMap { little($0) }
    return fields + little(checksum(packed, from: checksum(fields + zeros(4)))) + packed
  }

  /// AutoCAD 2004 and later.
  private static let pages: Specimen = {
    let first = page(at: 0x100, junk(700))
    let gap = 0x100 + first.count
    let second = page(at: gap + 64, junk(900, seed: 5))
    let map = gap + 64 + second.count
    let entries: [Int32] = [
      1, Int32(first.count), -2, 64, 0, 0, 0, 0, 3, Int32(second.count), 4, 0x400,
    ]
    let index = list(entries.flatMap { little($0) })
    let copy = map + index.count + 10
    var header =
      ascii("AcFssFcAJMB", padTo: 12) + zeros(40) + little(UInt64(copy)) + zeros(24)
      + little(UInt64(map - 0x100)) + zeros(12)
    var crc = CRC32()
    crc.update(header + zeros(4))
    header += little(crc.value)
    var state: UInt32 = 1
    let encoded = header.map { byte -> UInt8 in
      state = state &* 0x34_3FD &+ 0x26_9EC3
      return byte ^ UInt8(truncatingIfNeeded: state >> 16)
    }
    let front = version("AC1027", preview: 0x120) + zeros(0x80 - 21) + encoded
    let bytes =
      front + zeros(0x100 - front.count) + first + junk(64) + second + index + junk(10) + encoded
    return Specimen(
      .dwg, bytes, label: "2013", verdict: .verified, boundaries: [0x80, 0x100, gap, map, copy],
      covered: [
        0x80..<0xEC, 0x100..<0x100 + 732, gap + 64..<gap + 64 + 932, map..<map + index.count,
        copy..<copy + 0x6C,
      ])
  }()
}
