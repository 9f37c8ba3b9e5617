// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum XCFSpecimens {
  private static func property(_ type: UInt32, _ data: [UInt8]) -> [UInt8] {
    big(type) + big(UInt32(data.count)) + data
  }

  private static func offsets(_ places: [Int]) -> [UInt8] { places.flatMap { big(UInt32($0)) } }

  /// One layer of 70 by 20 pixels in grey: two tiles, of 64 and of 6 columns.
  private static let picture: [UInt8] = {
    let head =
      ascii("gimp xcf file\0") + big(UInt32(70)) + big(UInt32(20)) + big(UInt32(1))
      + property(17, [1]) + property(0, [])
    let layerAt = head.count + 12
    let layer =
      big(UInt32(70)) + big(UInt32(20)) + big(UInt32(2)) + big(UInt32(5)) + ascii("boat\0")
      + property(0, [])
    let hierarchyAt = layerAt + layer.count + 8
    let levelAt = hierarchyAt + 12 + 12
    let tileAt = levelAt + 8 + 12
    // 1280 pixels: 1000 of one value, 256 and 24 as they are; 120 pixels of one value.
    let first =
      [127, 0x03, 0xE8, 7, 128, 0x01, 0x00] + junk(256) + [UInt8(256 - 24)] + junk(24)
    let second: [UInt8] = [119, 9]
    let smallAt = tileAt + first.count + second.count
    let hierarchy =
      big(UInt32(70)) + big(UInt32(20)) + big(UInt32(1)) + offsets([levelAt, smallAt, 0])
    let level =
      big(UInt32(70)) + big(UInt32(20)) + offsets([tileAt, tileAt + first.count, 0]) + first
      + second
    return head + offsets([layerAt, 0, 0]) + layer + offsets([hierarchyAt, 0]) + hierarchy + level
      + big(UInt32(35)) + big(UInt32(10)) + big(UInt32(0))
  }()

  static let all: [Specimen] = [
    Specimen(.xcf, picture, boundaries: [14, 26, picture.count - 12])
  ]
}
