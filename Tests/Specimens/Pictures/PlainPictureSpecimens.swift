// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Pictures whose header tells the size of all that follows.
enum PlainPictureSpecimens {
  private static let surface: [UInt8] =
    ascii("DDS ") + little(UInt32(124)) + little(UInt32(0x2_1007)) + little(UInt32(64))
    + little(UInt32(32)) + zeros(8) + little(UInt32(3)) + zeros(44) + little(UInt32(32))
    + little(UInt32(4)) + ascii("DXT1") + zeros(20) + little(UInt32(0x40_1008)) + zeros(16)
    + junk(1024 + 256 + 64)

  private static let frame: [UInt8] =
    ascii("SDPX") + big(UInt32(2048)) + ascii("V2.0", padTo: 8) + big(UInt32(2048 + 40 * 30 * 4))
    + zeros(16) + ascii("boat.dpx", padTo: 100) + ascii("2024:05:01:12:34:56", padTo: 24)
    + zeros(770 - 160) + big(UInt16(1)) + big(UInt32(40)) + big(UInt32(30)) + zeros(20) + [50]
    + zeros(2) + [10] + big(UInt16(1)) + zeros(2) + big(UInt32(2048)) + zeros(2048 - 812)
    + junk(40 * 30 * 4)

  private static let cineon: [UInt8] =
    [0x80, 0x2A, 0x5F, 0xD7] + big(UInt32(2048)) + zeros(12) + big(UInt32(2048 + 40 * 30 * 4))
    + ascii("V4.5", padTo: 8) + ascii("boat.cin", padTo: 100) + zeros(193 - 132) + [3]
    + zeros(4) + [10, 0] + big(UInt32(40)) + big(UInt32(30)) + zeros(681 - 208) + [5]
    + zeros(2048 - 682) + junk(40 * 30 * 4)

  private static func cards(_ lines: [String]) -> [UInt8] {
    let text = lines.flatMap { $0.utf8 + [UInt8](repeating: 0x20, count: 80 - $0.utf8.count) }
    return text + [UInt8](repeating: 0x20, count: 2880 - text.count)
  }

  private static let sky: [UInt8] =
    cards([
      "SIMPLE  =                    T", "BITPIX  =                   16",
      "NAXIS   =                    2", "NAXIS1  =                   40",
      "NAXIS2  =                   50", "OBJECT  = 'M31     '",
      "DATE-OBS= '2024-05-01T12:34:56.5'", "END",
    ]) + junk(4000) + zeros(1760)

  private static let map = ascii("P6\n# a comment\n40 30\n255\n") + junk(3600)
  private static let greys: [UInt8] =
    ascii("P2\n20 30\n255\n")
    + (0..<30).flatMap { _ in ascii("0 1 2 3 4 5 6 7 8 9 10 20 30 40 50 60 255 80 90 100\n") }

  private static let arbitrary: [UInt8] =
    ascii("P7\nWIDTH 20\nHEIGHT 30\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n") + junk(2400)

  private static func attribute(_ name: String, _ type: String, _ value: [UInt8]) -> [UInt8] {
    ascii(name) + [0] + ascii(type) + [0] + little(UInt32(value.count)) + value
  }

  private static let open: [UInt8] = {
    let window = little(UInt32(0)) + little(UInt32(0)) + little(UInt32(9)) + little(UInt32(19))
    let head =
      [0x76, 0x2F, 0x31, 0x01] + little(UInt32(2)) + attribute("compression", "compression", [0])
      + attribute("dataWindow", "box2i", window) + [0]
    let first = head.count + 160
    let table = (0..<20).flatMap { little(UInt64(first + $0 * 48)) }
    let chunks = (0..<20).flatMap { little(UInt32($0)) + little(UInt32(40)) + junk(40) }
    return head + table + chunks
  }()

  private static let moment = Timestamp(
    year: 2024, month: 5, day: 1, hour: 12, minute: 34, second: 56)

  private static let dump: [UInt8] =
    [UInt32]([
      107, 7, 2, 24, 40, 30, 0, 1, 32, 1, 32, 32, 160, 4, 0, 0, 0, 8, 256, 2, 40, 30, 0, 0, 0,
    ])
    .flatMap { big($0) } + ascii("A boat\0") + junk(24) + junk(4800)

  private static let pixmap: [UInt8] = {
    let row = "\"" + String(repeating: ".#", count: 20) + "\",\n"
    return ascii(
      "/* XPM */\nstatic char *boat[] = {\n\"40 30 2 1\",\n\". c #FFFFFF\",\n\"# c red\",\n")
      + Array(repeating: ascii(row), count: 30).flatMap { $0 } + ascii("};\n")
  }()

  static let all: [Specimen] = [
    Specimen(.xwd, dump, name: "A boat", verdict: .probable, boundaries: [100, 107, 131]),
    Specimen(
      .xpm, pixmap, boundaries: [9, 33], wholeCuts: [(pixmap.count - 2)..<pixmap.count]),
    Specimen(.dds, surface, verdict: .probable, boundaries: [128, 1152]),
    Specimen(
      .dpx, frame, name: "boat.dpx", date: moment, verdict: .probable, boundaries: [768, 2048]),
    Specimen(.cineon, cineon, name: "boat.cin", verdict: .probable, boundaries: [2048]),
    Specimen(
      .fits, sky, name: "M31", date: moment, verdict: .probable, boundaries: [2880, 6880]),
    Specimen(.pnm, map, type: "ppm", verdict: .probable, boundaries: [3, 25]),
    Specimen(.pnm, arbitrary, label: "arbitrary", type: "pam", verdict: .probable),
    Specimen(
      .pnm, greys, label: "text", type: "pgm",
      wholeCuts: [(greys.count - 3)..<greys.count]),
    Specimen(.exr, open, verdict: .probable, boundaries: [8, open.count - 48]),
    Specimen(.mng, animation, type: "mng", boundaries: [8], covered: [8..<animation.count]),
  ]

  private static let animation: [UInt8] = {
    let png = PNGSpecimens.all.first?.bytes ?? []
    return [0x8A, 0x4D, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + PNGSpecimens.chunk("MHDR", junk(28)) + png.dropFirst(8) + PNGSpecimens.chunk("MEND", [])
  }()
}
