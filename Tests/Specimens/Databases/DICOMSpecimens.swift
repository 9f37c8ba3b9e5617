// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum DICOMSpecimens {
  private static func tag(_ tag: UInt32) -> [UInt8] {
    little(UInt16(tag >> 16)) + little(UInt16(tag & 0xFFFF))
  }

  private static func element(_ name: UInt32, _ kind: String, _ text: String) -> [UInt8] {
    let value = ascii(text) + zeros(text.utf8.count % 2)
    return tag(name) + ascii(kind) + little(UInt16(value.count)) + value
  }

  private static func implicit(_ name: UInt32, _ value: [UInt8]) -> [UInt8] {
    tag(name) + little(UInt32(value.count)) + value
  }

  private static func head(_ syntax: String) -> [UInt8] {
    let group =
      tag(0x0002_0001) + ascii("OB") + [0, 0, 2, 0, 0, 0, 0, 1] + element(0x0002_0010, "UI", syntax)
    return zeros(128) + ascii("DICM") + tag(0x0002_0000) + ascii("UL") + [4, 0]
      + little(UInt32(group.count)) + group
  }

  private static let open: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

  static let all: [Specimen] = {
    let date = Timestamp(year: 2021, month: 2, day: 3, hour: 14, minute: 15, second: 16)
    let study =
      element(0x0008_0020, "DA", "20210203") + element(0x0008_0030, "TM", "141516.5")
      + element(0x0008_0060, "CS", "CT") + element(0x0018_0015, "CS", "CHEST")
    let sequence =
      tag(0x0020_1111) + ascii("SQ") + [0, 0] + open + tag(0xFFFE_E000) + open
      + element(0x0028_0002, "US", "ab") + tag(0xFFFE_E00D) + zeros(4) + tag(0xFFFE_E0DD) + zeros(4)
    let pixels = tag(0x7FE0_0010) + ascii("OW") + [0, 0] + little(UInt32(2000)) + junk(2000)
    let items =
      tag(0x7FE0_0010) + ascii("OB") + [0, 0] + open + implicit(0xFFFE_E000, [])
      + implicit(0xFFFE_E000, junk(1200)) + implicit(0xFFFE_E0DD, [])
    let plain =
      implicit(0x0008_0020, ascii("20210203")) + implicit(0x0008_0060, ascii("MR"))
      + implicit(0x7FE0_0010, junk(1500))
    return [
      Specimen(
        .dicom, head("1.2.840.10008.1.2.1") + study + sequence + pixels, name: "CT CHEST",
        date: date, verdict: .probable),
      Specimen(
        .dicom, head("1.2.840.10008.1.2.4.50") + study + items, label: "compressed pixels",
        date: date, verdict: .probable),
      Specimen(
        .dicom, head("1.2.840.10008.1.2") + plain, label: "implicit", name: "MR",
        verdict: .probable),
    ]
  }()
}
