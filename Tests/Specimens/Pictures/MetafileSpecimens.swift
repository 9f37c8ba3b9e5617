// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum MetafileSpecimens {
  static let all: [Specimen] = [enhanced, plain, placed]

  private static func record(_ type: UInt32, _ data: [UInt8]) -> [UInt8] {
    little(type) + little(UInt32(8 + data.count)) + data
  }

  private static let enhanced: Specimen = {
    let description = Array("Boats\0A boat\0\0".utf16).flatMap { little($0) }
    let line = (0..<20).flatMap { index in
      record(27, little(UInt32(index)) + little(UInt32(7))) + record(54, junk(8))
    }
    let comment = record(70, little(UInt32(400)) + junk(400))
    let last = record(14, zeros(8) + little(UInt32(20)))
    let size = UInt32(88 + description.count + line.count + comment.count + last.count)
    let header = record(
      1,
      zeros(32) + ascii(" EMF") + little(UInt32(0x10000)) + little(size) + little(UInt32(43))
        + little(UInt16(1)) + zeros(2) + little(UInt32(description.count / 2)) + little(UInt32(88))
        + zeros(20) + description)
    let bytes = header + line + comment + last
    return Specimen(
      .emf, bytes, name: "A boat", verdict: .intact, boundaries: [88, bytes.count - 20],
      covered: [0..<4])
  }()

  private static let records: [UInt8] = {
    func record(_ function: UInt16, _ data: [UInt8]) -> [UInt8] {
      little(UInt32(3 + data.count / 2)) + little(function) + data
    }
    let lines = (0..<40).flatMap { _ in record(0x0214, junk(4)) + record(0x0213, junk(4)) }
    let bytes = record(0x020B, zeros(4)) + record(0x0626, junk(60)) + lines + record(0, [])
    return little(UInt16(1)) + little(UInt16(9)) + little(UInt16(0x300))
      + little(UInt32((18 + bytes.count) / 2)) + zeros(2) + little(UInt32(33)) + zeros(2) + bytes
  }()

  private static let plain = Specimen(
    .wmf, records, label: "plain", verdict: .intact, boundaries: [18, 28, records.count - 6])

  private static let placed: Specimen = {
    let words: [UInt16] = [0xCDD7, 0x9AC6, 0, 0, 0, 100, 100, 1440, 0, 0]
    let placement = words.flatMap { little($0) } + little(words.reduce(0, ^))
    return Specimen(
      .wmf, placement + records, label: "placeable", verdict: .intact, boundaries: [22, 40])
  }()
}
