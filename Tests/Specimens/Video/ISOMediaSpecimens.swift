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

  private static func samples(at offset: UInt32) -> [UInt8] {
    box("stsz", zeros(8), big(UInt32(2)), big(UInt32(204)), big(UInt32(104)))
      + box("stsc", zeros(4), big(UInt32(1)), big(UInt32(1)), big(UInt32(2)), big(UInt32(1)))
      + box("stco", zeros(4), big(UInt32(1)), big(offset))
  }

  /// A track of two samples, both in one chunk; without them where they are in fragments.
  private static func movie(offset: UInt32?, facts: [UInt8] = []) -> [UInt8] {
    let configuration = box("avcC", [1, 0x64, 0, 0x1E, 0xFF, 0xE0, 0])
    let table = box(
      "stbl",
      box("stsd", zeros(4), big(UInt32(1)), box("avc1", zeros(78), configuration)),
      offset.map { samples(at: $0) } ?? [])
    let reference = box(
      "dinf", box("dref", zeros(4), big(UInt32(1)), box("url ", big(UInt32(1)))))
    let handler = box("hdlr", zeros(8), ascii("vide"), zeros(13))
    return box(
      "moov", box("mvhd", zeros(4), big(UInt32(3_789_763_200)), zeros(92)),
      box(
        "trak", box("tkhd", zeros(12), big(UInt32(1)), zeros(68)),
        box("mdia", handler, box("minf", reference, table))), facts)
  }

  /// Apple's keys, and the text of QuickTime.
  private static let camera: [UInt8] = {
    let value: (UInt32, String) -> [UInt8] = { number, text in
      let data = box("data", big(UInt32(1)), zeros(4), ascii(text))
      return big(UInt32(8 + data.count)) + big(number) + data
    }
    return box(
      "meta", box("hdlr", zeros(8), ascii("mdta"), zeros(12)),
      box(
        "keys", zeros(4), big(UInt32(2)), box("mdta", ascii("com.apple.quicktime.make")),
        box("mdta", ascii("com.apple.quicktime.model"))),
      box("ilst", value(1, "Apple"), value(2, "iPhone 12")))
  }()
  private static let named = box("udta", big(UInt32(18)), [0xA9], ascii("nam\0\u{6}\0\0A pond"))
  /// Both samples in a fragment of their own.
  private static let fragment: [UInt8] = {
    let run: (UInt32) -> [UInt8] = { offset in
      box(
        "trun", big(UInt32(0x201)), [big(UInt32(2)), big(offset)].flatMap(\.self),
        [big(UInt32(204)), big(UInt32(104))].flatMap(\.self))
    }
    let head: (UInt32) -> [UInt8] = { offset in
      box(
        "moof", box("mfhd", zeros(4), big(UInt32(1))),
        box("traf", box("tfhd", big(UInt32(0x2_0000)), big(UInt32(1))), run(offset)))
    }
    return head(UInt32(head(0).count + 8)) + box("mdat", units)
  }()
  private static let date = Timestamp(year: 2024, month: 2, day: 3)

  static let all: [Specimen] = {
    let first = movie(offset: 0, facts: camera)
    let index = movie(offset: UInt32(brand.count + first.count + 8), facts: camera)
    let old = box("wide") + box("mdat", units)
    return [
      Specimen(
        .isoMedia, brand + index + box("mdat", units), label: "index first", type: "mp4",
        name: "Apple iPhone 12", date: date, verdict: .intact),
      Specimen(
        .isoMedia, old + movie(offset: 16, facts: named), label: "QuickTime", type: "mov",
        name: "A pond", date: date,
        verdict: .intact),
      Specimen(
        .isoMedia, brand + movie(offset: nil) + fragment + fragment + box("mfra", zeros(16)),
        label: "fragmented", type: "mp4", date: date, verdict: .intact),
    ]
  }()
}
