// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum PCXSpecimens {
  private static func header(width: Int, height: Int, depth: UInt8, planes: UInt8, row: Int)
    -> [UInt8]
  {
    [0x0A, 5, 1, depth] + zeros(4) + little(UInt16(width - 1)) + little(UInt16(height - 1))
      + little(UInt16(72)) + little(UInt16(72)) + junk(48) + [0, planes] + little(UInt16(row))
      + [1, 0] + zeros(58)
  }

  private static let picture: [UInt8] = {
    let row: [UInt8] = [0xC0 + 30, 5, 1, 2, 3, 0xC1, 0xFF, 0xC0 + 16, 8]
    let rows = Array(repeating: row, count: 60).flatMap { $0 }
    return header(width: 50, height: 60, depth: 8, planes: 1, row: 50) + rows + [0x0C] + junk(768)
  }()

  private static let planes: [UInt8] = {
    let row: [UInt8] = [0xC0 + 10, 5, 1, 2, 3, 0xC1, 0xFF, 0xC0 + 18, 8]
    let rows = Array(repeating: row, count: 60).flatMap { $0 }
    return header(width: 64, height: 60, depth: 1, planes: 4, row: 8) + rows
  }()

  static let all: [Specimen] = [
    Specimen(.pcx, picture, boundaries: [128, picture.count - 769], wholeCuts: []),
    Specimen(.pcx, planes, label: "four planes", verdict: .probable, boundaries: [128]),
    Specimen(
      .pcx, planes + [0x0C] + zeros(768), label: "four planes and an empty palette",
      verdict: .probable, boundaries: [128, planes.count],
      wholeCuts: [planes.count..<planes.count + 769]),
    Specimen(
      .dcx,
      [0xB1, 0x68, 0xDE, 0x3A] + little(UInt32(16)) + little(UInt32(16 + planes.count)) + zeros(4)
        + planes + picture, verdict: .probable, boundaries: [4, 16, 16 + planes.count]),
  ]
}
