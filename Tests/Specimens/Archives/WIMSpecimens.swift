// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum WIMSpecimens {
  private static func resource(_ start: Int, _ size: Int, flags: UInt8 = 0) -> [UInt8] {
    Array(little(UInt64(size))[..<7]) + [flags] + little(UInt64(start)) + little(UInt64(size))
  }

  static let all: [Specimen] = {
    let text = "<WIM><IMAGE INDEX=\"1\"><NAME>Office PC</NAME></IMAGE></WIM>"
    let mark: [UInt8] = [0xFF, 0xFE]
    let xml = mark + text.utf16.flatMap { little($0) }
    let table = resource(208, 900) + [1, 0] + little(UInt32(1)) + junk(20)
    let magic: [UInt8] = [0x4D, 0x53, 0x57, 0x49, 0x4D, 0, 0, 0]
    let head =
      magic + little(UInt32(208)) + little(UInt32(0x10D00))
      + zeros(24) + [1, 0, 1, 0] + little(UInt32(1))
    let tables = resource(1108, table.count) + resource(1108 + table.count, xml.count)
    let header = head + tables + zeros(208 - head.count - tables.count)
    return [
      Specimen(
        .wim, header + junk(900) + table + xml, type: "wim", name: "Office PC", verdict: .probable,
        boundaries: [208, 1108, 1158])
    ]
  }()
}
