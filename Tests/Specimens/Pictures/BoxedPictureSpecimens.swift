// SPDX-License-Identifier: Apache-2.0

import FileFormats

/// Formats whose chunks or boxes state their lengths and hold what is not looked into.
enum BoxedPictureSpecimens {
  private static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
    big(UInt32(content.count + 8)) + ascii(type) + content
  }

  private static func element(_ type: String, _ content: [UInt8]) -> [UInt8] {
    ascii(type) + big(UInt32(content.count + 8)) + content
  }

  private static func chunk(_ id: String, _ content: [UInt8]) -> [UInt8] {
    ascii(id) + big(UInt32(content.count)) + content + zeros(content.count & 1)
  }

  private static let xl: [UInt8] =
    box("JXL ", [0x0D, 0x0A, 0x87, 0x0A]) + box("ftyp", ascii("jxl ") + zeros(4) + ascii("jxl "))
    + box("jxlc", [0xFF, 0x0A] + junk(1500)) + box("xml ", ascii("<a/>"))

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

  static let all: [Specimen] = [
    Specimen(
      .jxl, xl, verdict: .probable, boundaries: [12, 32, 40, xl.count - 12]),
    Specimen(.icns, icon, verdict: .probable, boundaries: [8, 716, 980]),
    Specimen(.djvu, document, verdict: .probable, boundaries: [16, 46]),
    Specimen(.ilbm, amiga, name: "Boat", boundaries: [12, 24, 52]),
  ]
}
