// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum EBookSpecimens {
  private static let lit: [UInt8] = {
    let identifier: [UInt8] = [
      0xC1, 7, 0x90, 0x0A, 0x76, 0x40, 0xD3, 0x11, 0x87, 0x89, 0, 0, 0xF8, 0x10, 0x57, 0x54,
    ]
    func piece(_ start: Int, _ count: Int) -> [UInt8] {
      little(UInt64(start)) + little(UInt64(count))
    }
    let pieces = DocumentBytes.joined(
      piece(352, 24), piece(376, 100), piece(476, 60), piece(536, 16), piece(552, 16))
    let end = 568 + 700
    return DocumentBytes.joined(
      ascii("ITOLITLS"), little(UInt32(1)), little(UInt32(40)), little(UInt32(5)),
      little(UInt32(232)), identifier, pieces, junk(232),
      little(UInt64(0x1FE)), little(UInt64(end)), zeros(8), ascii("IFCM"), junk(96),
      ascii("IFCM"), junk(56), identifier, identifier, junk(700))
  }()

  private static let lrf: [UInt8] = {
    var objects: [UInt8] = []
    var index: [UInt8] = []
    for number in 0..<12 {
      let object = DocumentBytes.joined(
        little(UInt16(0xF500)), little(UInt32(number)), junk(64, seed: UInt64(number)),
        little(UInt16(0xF501)))
      index += DocumentBytes.joined(
        little(UInt32(number)), little(UInt32(88 + objects.count)), little(UInt32(object.count)),
        zeros(4))
      objects += object
    }
    return DocumentBytes.joined(
      ascii("L\0R\0F\0\0\0"), little(UInt16(1000)), zeros(6), little(UInt64(12)),
      little(UInt64(88 + objects.count)), zeros(56), objects, index)
  }()

  private static let help: [UInt8] = {
    let system = DocumentBytes.joined(
      little(UInt16(0x036C)), little(UInt16(33)), little(UInt16(1)), little(UInt32(800_000_000)),
      little(UInt16(4)), little(UInt16(1)), little(UInt16(7)), ascii("Solver"), [0])
    func inner(_ content: [UInt8]) -> [UInt8] {
      little(UInt32(content.count + 9)) + little(UInt32(content.count)) + [0] + content
    }
    let first = inner(system)
    let second = inner(junk(600))
    let page = DocumentBytes.joined(
      zeros(2), little(UInt16(2)), [0xFF, 0xFF, 0xFF, 0xFF], ascii("|SYSTEM"), [0],
      little(UInt32(16)), ascii("|TOPIC"), [0], little(UInt32(16 + first.count)))
    let tree = DocumentBytes.joined(
      little(UInt16(0x293B)), little(UInt16(0x402)), little(UInt16(1024)), zeros(24),
      little(UInt16(1)), little(UInt16(1)), little(UInt32(2)), page, zeros(1024 - page.count))
    let start = 16 + first.count + second.count
    let directory = inner(tree)
    return DocumentBytes.joined(
      [0x3F, 0x5F, 3, 0], little(UInt32(start)), little(UInt32.max),
      little(UInt32(start + directory.count)), first, second, directory)
  }()

  static let all = [
    Specimen(.lit, lit, verdict: .probable, boundaries: [40, 120, 352, 376]),
    Specimen(.lrf, lrf, verdict: .intact, boundaries: [88, lrf.count - 192]),
    Specimen(.windowsHelp, help, name: "Solver", verdict: .probable, boundaries: [16, 58]),
  ]
}
