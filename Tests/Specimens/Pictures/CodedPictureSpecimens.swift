// SPDX-License-Identifier: Apache-2.0

import FileFormats

/// Pictures whose codes are followed to their last pixel.
enum CodedPictureSpecimens {
  private static let qoi: [UInt8] = {
    // A row of 40 pixels: 1 + 1 + 1 + 1 + 36.
    let row: [UInt8] = [0xFE, 1, 2, 3, 0xFF, 4, 5, 6, 7, 0x05, 0x85, 0x33, 0xC0 | 35]
    return ascii("qoif") + big(UInt32(40)) + big(UInt32(50)) + [4, 0]
      + Array(repeating: row, count: 50).flatMap { $0 } + [0, 0, 0, 0, 0, 0, 0, 1]
  }()

  private static let hdr: [UInt8] = {
    let channel: [UInt8] = [128 + 20, 7, 20] + junk(20)
    let row: [UInt8] = [2, 2, 0, 40] + channel + channel + channel + channel
    return ascii("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 20 +X 40\n")
      + Array(repeating: row, count: 20).flatMap { $0 }
  }()

  private static func sun(type: UInt32, _ pixels: [UInt8]) -> [UInt8] {
    [0x59, 0xA6, 0x6A, 0x95] + big(UInt32(39)) + big(UInt32(40)) + big(UInt32(8))
      + big(UInt32(pixels.count)) + big(type) + big(UInt32(1)) + big(UInt32(48)) + junk(48) + pixels
  }

  private static func sgi(_ storage: UInt8, _ content: [UInt8]) -> [UInt8] {
    [0x01, 0xDA, storage, 1, 0, 3] + big(UInt16(40)) + big(UInt16(20)) + big(UInt16(3)) + zeros(4)
      + big(UInt32(255)) + zeros(4) + ascii("A boat", padTo: 80) + zeros(408) + content
  }

  private static let rows: [UInt8] = {
    let row: [UInt8] = [20, 9, 0x80 | 20] + junk(20) + [0]
    let first = 512 + 60 * 8
    return (0..<60).flatMap { big(UInt32(first + $0 * row.count)) }
      + (0..<60).flatMap { _ in big(UInt32(row.count)) }
      + Array(repeating: row, count: 60).flatMap { $0 }
  }()

  static let all: [Specimen] = [
    Specimen(.qoi, qoi, boundaries: [14, qoi.count - 8]),
    Specimen(.hdr, hdr, boundaries: [11, 48]),
    Specimen(.sun, sun(type: 1, junk(1600)), verdict: .probable, boundaries: [32, 80]),
    Specimen(
      .sun, sun(type: 2, Array(repeating: [0x80, 37, 5, 0x80, 0, 7], count: 40).flatMap { $0 }),
      label: "run lengths", boundaries: [32, 80]),
    Specimen(.sgi, sgi(0, junk(2400)), name: "A boat", verdict: .probable, boundaries: [512]),
    Specimen(.sgi, sgi(1, rows), label: "run lengths", name: "A boat", boundaries: [512, 992]),
  ]
}
