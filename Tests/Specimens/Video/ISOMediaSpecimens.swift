// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum ISOMediaSpecimens {
  private static func box(_ type: String, _ content: [UInt8]...) -> [UInt8] {
    let data = content.flatMap(\.self)
    return big(UInt32(8 + data.count)) + ascii(type) + data
  }

  private static let brand = box("ftyp", ascii("isom"), big(UInt32(512)), ascii("isomavc1"))
  private static let units =
    big(UInt32(200)) + [0x65] + junk(199) + big(UInt32(100)) + [0x41] + junk(99)

  /// A track of two samples, both in one chunk.
  private static func movie(offset: UInt32) -> [UInt8] {
    let configuration = box("avcC", [1, 0x64, 0, 0x1E, 0xFF, 0xE0, 0])
    let table = box(
      "stbl",
      box("stsd", zeros(4), big(UInt32(1)), box("avc1", zeros(78), configuration)),
      box("stsz", zeros(8), big(UInt32(2)), big(UInt32(204)), big(UInt32(104))),
      box("stsc", zeros(4), big(UInt32(1)), big(UInt32(1)), big(UInt32(2)), big(UInt32(1))),
      box("stco", zeros(4), big(UInt32(1)), big(offset)))
    let reference = box(
      "dinf", box("dref", zeros(4), big(UInt32(1)), box("url ", big(UInt32(1)))))
    let handler = box("hdlr", zeros(8), ascii("vide"), zeros(13))
    return box(
      "moov", box("mvhd", zeros(4), big(UInt32(3_789_763_200)), zeros(92)),
      box("trak", box("mdia", handler, box("minf", reference, table))))
  }

  private static let date = Timestamp(year: 2024, month: 2, day: 3)

  static let all: [Specimen] = {
    let first = movie(offset: 0)
    let index = movie(offset: UInt32(brand.count + first.count + 8))
    let old = box("wide") + box("mdat", units)
    return [
      Specimen(
        .isoMedia, brand + index + box("mdat", units), label: "index first", type: "mp4",
        date: date, verdict: .intact),
      Specimen(
        .isoMedia, old + movie(offset: 16), label: "QuickTime", type: "mov", date: date,
        verdict: .intact),
    ]
  }()
}
