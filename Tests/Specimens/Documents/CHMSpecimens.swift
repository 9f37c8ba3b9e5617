// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum CHMSpecimens {
  private static func entry(_ name: String, _ offset: UInt8, _ length: UInt8) -> [UInt8] {
    [UInt8(name.utf8.count)] + ascii(name) + [0, offset, length]
  }

  static let all: [Specimen] = {
    let system = DocumentBytes.joined(
      little(UInt32(3)), little(UInt16(3)), little(UInt16(9)), ascii("The help"), [0])
    let entries = entry("/#SYSTEM", 0, UInt8(system.count)) + entry("/a.htm", 17, 90)
    let free = 512 - 20 - entries.count
    let chunk = DocumentBytes.joined(
      ascii("PMGL"), little(UInt32(free)), zeros(4), little(UInt32.max), little(UInt32.max),
      entries, zeros(free))
    let directory = DocumentBytes.joined(
      ascii("ITSP"), little(UInt32(1)), little(UInt32(84)), zeros(4), little(UInt32(512)),
      zeros(24), little(UInt32(1)), zeros(36), chunk)
    let end = 120 + directory.count + system.count + 700
    let identifier: [UInt8] = [
      1, 0x7C, 0xAA, 0x7B, 0xD0, 0x11, 0x9E, 0x0C, 0, 0xA0, 0xC9, 0x22, 0xE6, 0xEC,
    ]
    let header = DocumentBytes.joined(
      ascii("ITSF"), little(UInt32(3)), little(UInt32(96)), little(UInt32(1)), zeros(8),
      [0x10, 0xFD], identifier, [0x11, 0xFD], identifier, little(UInt64(96)), little(UInt64(24)),
      little(UInt64(120)), little(UInt64(directory.count)), little(UInt64(120 + directory.count)))
    let sizes = DocumentBytes.joined(little(UInt64(0x1FE)), little(UInt64(end)), zeros(8))
    let bytes = DocumentBytes.joined(header, sizes, directory, system, junk(700))
    return [
      Specimen(
        .chm, bytes, name: "The help", verdict: .probable,
        boundaries: [96, 120, 204, 120 + directory.count])
    ]
  }()
}
