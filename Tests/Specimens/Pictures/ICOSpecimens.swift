// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum ICOSpecimens {
  private static func entry(_ width: UInt8, _ fields: [UInt8], _ size: Int, at offset: Int)
    -> [UInt8]
  {
    [width, width, 0, 0] + fields + little(UInt32(size)) + little(UInt32(offset))
  }

  static let all: [Specimen] = {
    let small = BMPSpecimens.header(16, 32, depth: 32) + junk(16 * 16 * 4 + 64)
    let large = BMPSpecimens.header(32, 64, depth: 8) + junk(1024 + 32 * 32 + 128)
    let icon =
      [0, 0, 1, 0, 2, 0] + entry(16, [1, 0, 32, 0], small.count, at: 38)
      + entry(32, [1, 0, 8, 0], large.count, at: 38 + small.count) + small + large
    let cursor = [0, 0, 2, 0, 1, 0] + entry(16, [3, 0, 7, 0], small.count, at: 22) + small
    let png = PNGSpecimens.all.first?.bytes ?? []
    let modern = [0, 0, 1, 0, 1, 0] + entry(0, [1, 0, 32, 0], png.count, at: 22) + png
    return [
      Specimen(.ico, icon, type: "ico", verdict: .probable, boundaries: [6, 38, 38 + small.count]),
      Specimen(.ico, cursor, label: "cursor", type: "cur", verdict: .probable, boundaries: [22]),
      Specimen(
        .ico, modern, label: "PNG", type: "ico", boundaries: [22], covered: [30..<modern.count]),
    ]
  }()
}
