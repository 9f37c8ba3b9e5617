// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum OLE2Specimens {
  /// Title and date of creation.
  private static func summary(title: String) -> [UInt8] {
    let text = ascii(title) + [0]
    let padded = text + zeros((4 - text.count % 4) % 4)
    let properties: [(UInt32, [UInt8])] = [
      (1, little(UInt32(2)) + little(UInt32(1252))),
      (2, little(UInt32(30)) + little(UInt32(text.count)) + padded),
      // 2009-02-13 23:31:30
      (12, little(UInt32(64)) + little(UInt64(1_234_567_890 + 11_644_473_600) * 10_000_000)),
    ]
    var places: [UInt8] = []
    var values: [UInt8] = []
    for (id, value) in properties {
      places += little(id) + little(UInt32(8 + 8 * properties.count + values.count))
      values += value
    }
    let size = 8 + places.count + values.count
    return DocumentBytes.joined(
      [0xFE, 0xFF, 0, 0], zeros(20), little(UInt32(1)), zeros(16), little(UInt32(48)),
      little(UInt32(size)), little(UInt32(properties.count)), places, values)
  }

  private static func record(_ kind: UInt16, _ data: [UInt8]) -> [UInt8] {
    little(kind) + little(UInt16(data.count)) + data
  }

  private static let workbook: [UInt8] =
    record(0x0809, [0, 6, 5, 0] + zeros(12)) + record(0x005C, junk(2000))
    + record(0x0204, junk(3088)) + record(0x000A, [])

  private static func slide(_ kind: UInt16, version: UInt16 = 0, _ data: [UInt8]) -> [UInt8] {
    little(version) + little(kind) + little(UInt32(data.count)) + data
  }

  private static let slides: [UInt8] =
    slide(0x03E8, version: 0xF, slide(0x03E9, junk(40)) + slide(0x03F2, version: 0xF, []))
    + (0..<8).flatMap { slide(0x0FA0, junk(624, seed: $0)) }

  static let all: [Specimen] = {
    var sheet = CompoundBuilder()
    sheet.add("\u{5}SummaryInformation", summary(title: "Harvest 2009"))
    sheet.add("Workbook", workbook)
    var wide = CompoundBuilder(shift: 12)
    wide.add("Workbook", workbook + zeros(8192 - workbook.count))
    var show = CompoundBuilder()
    show.add("PowerPoint Document", slides)
    var text = CompoundBuilder()
    text.add("WordDocument", [0xEC, 0xA5] + junk(5118))
    var message = CompoundBuilder()
    message.add("__properties_version1.0", zeros(32))
    message.add("__substg1.0_0037001F", Array("Hello".utf16).flatMap { little($0) })
    message.add("__substg1.0_1000001F", junk(4608))
    var installer = CompoundBuilder(classID: [0x84, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0])
    installer.add("Files", junk(4096))
    return [
      Specimen(
        .ole2, sheet.bytes, label: "Excel", type: "xls", name: "Harvest 2009",
        date: Timestamp(seconds: 1_234_567_890), verdict: .intact,
        boundaries: Array(stride(from: 512, to: sheet.bytes.count, by: 512))),
      Specimen(.ole2, wide.bytes, label: "large sectors", type: "xls", verdict: .intact),
      Specimen(.ole2, show.bytes, label: "PowerPoint", type: "ppt", verdict: .intact),
      Specimen(.ole2, text.bytes, label: "Word", type: "doc", verdict: .probable),
      Specimen(
        .ole2, message.bytes, label: "Outlook", type: "msg", name: "Hello", verdict: .probable),
      Specimen(.ole2, installer.bytes, label: "installer", type: "msi", verdict: .probable),
    ]
  }()
}
