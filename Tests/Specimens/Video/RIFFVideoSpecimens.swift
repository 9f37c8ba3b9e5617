// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum RIFFVideoSpecimens {
  private static func chunk(_ id: String, _ data: [UInt8], size: UInt32? = nil) -> [UInt8] {
    ascii(id) + little(size ?? UInt32(data.count)) + data + zeros(data.count % 2)
  }

  private static let header = chunk(
    "LIST",
    ascii("hdrl") + chunk("avih", zeros(56))
      + chunk("LIST", ascii("strl") + chunk("strh", ascii("vidsMJPG") + zeros(48)))
      + chunk("IDIT", ascii("Sat Feb 03 04:05:06 2024\n")))
  private static let movie =
    ascii("movi") + chunk("00dc", junk(301)) + chunk("01wb", junk(100)) + chunk("00dc", junk(290))
  private static let date = Timestamp(
    year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6)

  static let all: [Specimen] = [
    Specimen(
      .avi,
      chunk("RIFF", ascii("AVI ") + header + chunk("LIST", movie) + chunk("idx1", zeros(48))),
      date: date, verdict: .intact),
    Specimen(
      .avi,
      chunk("RIFF", ascii("AVI ") + header + chunk("LIST", movie, size: 0), size: 0),
      label: "never finished", date: date, verdict: .probable),
  ]
}
