// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum BinaryPropertyListSpecimens {
  private static func list(_ objects: [[UInt8]], offsetWidth: Int, referenceWidth: UInt8) -> [UInt8]
  {
    var bytes = ascii("bplist00")
    var table: [UInt8] = []
    for object in objects {
      table += big(UInt32(bytes.count)).suffix(offsetWidth)
      bytes += object
    }
    let end = big(UInt64(objects.count)) + zeros(8) + big(UInt64(bytes.count))
    return bytes + table + zeros(6) + [UInt8(offsetWidth), referenceWidth] + end
  }

  private static func text(_ index: Int) -> [UInt8] { [0x59] + ascii("key \(10_000 + index)") }

  static let all: [Specimen] = {
    let small: [[UInt8]] = [
      [0xD3, 1, 2, 3, 4, 5, 6], [0x54] + ascii("name"), [0x61, 0, 0xE9], [0x51, 0x78],
      [0x33] + big(UInt64(0x41B0_0000_0000_0000)), [0x4F, 0x11, 2, 0] + junk(512),
      [0x12, 0, 0, 1, 0],
    ]
    let references = (1...300).flatMap { big(UInt16($0)) }
    let long = [[0xAF, 0x11, 1, 0x2C] + references] + (0..<300).map { text($0) }
    return [
      Specimen(
        .binaryPropertyList, list(small, offsetWidth: 2, referenceWidth: 1), type: "plist",
        verdict: .intact, boundaries: [8, 15, 20]),
      Specimen(
        .binaryPropertyList, list(long, offsetWidth: 2, referenceWidth: 2), label: "300 objects",
        type: "plist", verdict: .intact),
    ]
  }()
}
