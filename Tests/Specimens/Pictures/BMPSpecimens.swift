// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum BMPSpecimens {
  /// An information header of 40 bytes.
  static func header(
    _ width: UInt32, _ height: UInt32, depth: UInt16, method: UInt32 = 0, size: Int = 0
  ) -> [UInt8] {
    little(UInt32(40)) + little(width) + little(height) + little(UInt16(1)) + little(depth)
      + little(method) + little(UInt32(size)) + zeros(16)
  }

  private static func file(_ headers: [UInt8], _ pixels: [UInt8], size: Int? = nil) -> [UInt8] {
    let start = 14 + headers.count
    return ascii("BM") + little(UInt32(size ?? start + pixels.count)) + zeros(4)
      + little(UInt32(start)) + headers + pixels
  }

  private static let runs: [UInt8] = {
    let row: [UInt8] = [20, 3, 0, 5, 1, 2, 3, 4, 5, 0, 7, 9, 0, 0]
    return Array(repeating: row, count: 40).flatMap { $0 }.dropLast(2) + [0, 1]
  }()

  static let all: [Specimen] = [
    Specimen(
      .bmp, file(header(21, 30, depth: 24), junk(64 * 30)), verdict: .probable,
      boundaries: [14, 54]
    ),
    Specimen(
      .bmp, file(header(21, 30, depth: 24), junk(64 * 30), size: 0), label: "without its size",
      verdict: .probable, boundaries: [14, 54]),
    Specimen(
      .bmp, file(header(20, 30, depth: 24, size: 1802), junk(1800) + zeros(2)),
      label: "filled up as Photoshop does", verdict: .probable, boundaries: [14, 54]),
    Specimen(
      .bmp,
      file(
        little(UInt32(12)) + little(UInt16(100)) + little(UInt16(50)) + little(UInt16(1))
          + little(UInt16(1)) + [0, 0, 0, 255, 255, 255], junk(16 * 50), size: 26),
      label: "OS/2", verdict: .probable, boundaries: [14, 26]),
    Specimen(
      .bmp, file(header(32, 40, depth: 8, method: 1) + junk(1024), runs), label: "run lengths",
      boundaries: [14, 54, 54 + 1024]),
  ]
}
