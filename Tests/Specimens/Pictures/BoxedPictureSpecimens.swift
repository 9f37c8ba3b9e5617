// SPDX-License-Identifier: Apache-2.0

import FileFormats

/// Formats whose chunks or boxes state their lengths and hold what is not looked into.
enum BoxedPictureSpecimens {
  private static func element(_ type: String, _ content: [UInt8]) -> [UInt8] {
    ascii(type) + big(UInt32(content.count + 8)) + content
  }

  private static func chunk(_ id: String, _ content: [UInt8]) -> [UInt8] {
    ascii(id) + big(UInt32(content.count)) + content + zeros(content.count & 1)
  }

  private static let icon: [UInt8] = element(
    "icns", element("is32", junk(700)) + element("s8mk", junk(256)) + element("icnV", zeros(4)))

  private static let document: [UInt8] =
    ascii("AT&T")
    + chunk(
      "FORM",
      ascii("DJVM") + chunk("DIRM", junk(21))
        + chunk("FORM", ascii("DJVU") + chunk("INFO", junk(10)) + chunk("Sjbz", junk(900))))

  private static let amiga: [UInt8] = {
    let header = big(UInt16(32)) + big(UInt16(40)) + zeros(4) + [3, 0, 1, 0] + zeros(8)
    let row: [UInt8] = [0xFF, 7, 1, 8, 9]
    return chunk(
      "FORM",
      ascii("ILBM") + chunk("NAME", ascii("Boat")) + chunk("BMHD", header)
        + chunk("CMAP", junk(24))
        + chunk("BODY", Array(repeating: row, count: 120).flatMap { $0 }))
  }()

  /// Chunks of a RIFF file.
  private static func part(_ id: String, _ content: [UInt8]) -> [UInt8] {
    ascii(id) + little(UInt32(content.count)) + content
  }

  private static let cursor: [UInt8] = part(
    "RIFF",
    ascii("ACON") + part("anih", little(UInt32(36)) + zeros(32))
      + part("LIST", ascii("fram") + part("icon", junk(700)) + part("icon", junk(600))))

  private static func block(_ id: UInt16, _ content: [UInt8]) -> [UInt8] {
    ascii("~BK\0") + little(id) + little(UInt32(content.count)) + content
  }

  private static let shop: [UInt8] =
    ascii("Paint Shop Pro Image File\n\u{1A}", padTo: 32) + little(UInt16(5)) + little(UInt16(0))
    + block(0, junk(46)) + block(3, block(4, junk(900)))

  private static let texture: [UInt8] =
    [0xAB] + ascii("KTX 11") + [0xBB, 0x0D, 0x0A, 0x1A, 0x0A] + little(UInt32(0x0403_0201))
    + zeros(32) + little(UInt32(0)) + little(UInt32(1)) + little(UInt32(2)) + little(UInt32(12))
    + junk(12) + little(UInt32(1024)) + junk(1024) + little(UInt32(256)) + junk(256)

  private static let second: [UInt8] =
    [0xAB] + ascii("KTX 20") + [0xBB, 0x0D, 0x0A, 0x1A, 0x0A] + zeros(28) + little(UInt32(1))
    + zeros(4) + little(UInt32(104)) + little(UInt32(44)) + zeros(24) + little(UInt64(160))
    + little(UInt64(800)) + little(UInt64(800)) + junk(44) + zeros(12) + junk(800)

  private static let better: [UInt8] =
    [0x42, 0x50, 0x47, 0xFB, 0x20, 0x00, 0x82, 0x00, 0x81, 0x00, 0x87, 0x68] + junk(1000)

  private static func entry(_ tag: UInt16, _ value: Int) -> [UInt8] {
    little(tag) + little(UInt16(4)) + little(UInt32(1)) + little(UInt32(value))
  }

  private static let range: [UInt8] =
    [0x49, 0x49, 0xBC, 0x01] + little(UInt32(8)) + little(UInt16(4)) + entry(0xBC80, 40)
    + entry(0xBC81, 30) + entry(0xBCC0, 62) + entry(0xBCC1, 900) + zeros(4) + ascii("WMPHOTO\0")
    + junk(892)

  static let all: [Specimen] = [
    Specimen(.jxr, range, verdict: .probable, boundaries: [8, 58, 62]),
    Specimen(.ani, cursor, verdict: .probable, boundaries: [12, 56, 68, 776]),
    Specimen(
      .psp, shop, verdict: .probable, boundaries: [36, 92], wholeCuts: []),
    Specimen(.ktx, texture, type: "ktx", verdict: .probable, boundaries: [64, 76, 1104]),
    Specimen(.ktx, second, label: "version 2", type: "ktx2", verdict: .probable, boundaries: [104]),
    Specimen(.bpg, better, verdict: .probable, boundaries: [12]),
    Specimen(.icns, icon, verdict: .probable, boundaries: [8, 716, 980]),
    Specimen(.djvu, document, verdict: .probable, boundaries: [16, 46]),
    Specimen(.ilbm, amiga, name: "Boat", boundaries: [12, 24, 52]),
  ]
}
