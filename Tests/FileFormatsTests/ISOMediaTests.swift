// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Testing

@Suite struct `ISO media` {
  private func box(_ type: String, _ content: [UInt8]...) -> [UInt8] {
    let content = content.flatMap { $0 }
    return big(UInt32(content.count + 8)) + Array(type.utf8) + content
  }

  private func full(_ type: String, _ content: [UInt8]...) -> [UInt8] {
    box(type, [0, 0, 0, 0], content.flatMap { $0 })
  }

  /// Samples of H.264: units with their lengths before them.
  private let samples: [[UInt8]] = (0..<12).map { number in
    big(UInt32(30)) + [0x65] + junk(29, seed: number) + big(UInt32(7)) + [0x06] + junk(6)
  }

  private var brand: [UInt8] { box("ftyp", Array("isom".utf8), big(UInt32(1)), Array("isom".utf8)) }

  private func movie(firstSample: Int) -> [UInt8] {
    let units = box("avcC", [1, 100, 0, 31, 0xFF], junk(4))
    let entry = box("avc1", [UInt8](repeating: 0, count: 78), units)
    let offsets = (0..<3).flatMap { big(UInt32(firstSample + $0 * 4 * 45)) }
    let table = box(
      "stbl", full("stsd", big(UInt32(1)), entry),
      full("stsc", big(UInt32(1)), big(UInt32(1)), big(UInt32(4)), big(UInt32(1))),
      full("stsz", big(UInt32(0)), big(UInt32(12)), samples.flatMap { big(UInt32($0.count)) }),
      full("stco", big(UInt32(3)), offsets))
    let handler = full("hdlr", big(UInt32(0)), Array("vide".utf8), junk(13))
    let header = full("mvhd", big(UInt32(3_786_912_000)), [UInt8](repeating: 0, count: 92))
    return box("moov", header, box("trak", box("mdia", handler, box("minf", table))))
  }

  private var film: [UInt8] {
    brand + box("mdat", samples.flatMap { $0 }) + movie(firstSample: brand.count + 8)
  }

  private var picture: [UInt8] {
    let brand = box("ftyp", Array("heic".utf8), big(UInt32(0)), Array("mif1heic".utf8))
    func meta(_ offset: Int) -> [UInt8] {
      full(
        "meta", full("hdlr", big(UInt32(0)), Array("pict".utf8), junk(13)),
        full(
          "iloc", [0x44, 0x00], big(UInt16(1)), big(UInt16(1)), big(UInt16(0)), big(UInt16(1)),
          big(UInt32(offset)), big(UInt32(200))))
    }
    let start = brand.count + meta(0).count + 8
    return brand + meta(start) + box("mdat", junk(200))
  }

  /// The same with one H.265 picture of five units, one of which may be foreign.
  private func coded(foreign: Bool) -> [UInt8] {
    let brand = box("ftyp", Array("heic".utf8), big(UInt32(0)), Array("mif1heic".utf8))
    let codec = box("hvcC", [UInt8](repeating: 0, count: 21), [3, 0])
    func meta(_ offset: Int) -> [UInt8] {
      full(
        "meta", full("hdlr", big(UInt32(0)), Array("pict".utf8), junk(13)),
        full(
          "iinf", big(UInt16(1)), box("infe", [2, 0, 0, 0, 0, 1, 0, 0], Array("hvc1".utf8), [0])),
        box("iprp", box("ipco", codec)),
        full(
          "iloc", [0x44, 0x00], big(UInt16(1)), big(UInt16(1)), big(UInt16(0)), big(UInt16(1)),
          big(UInt32(offset)), big(UInt32(200))))
    }
    let start = brand.count + meta(0).count + 8
    var data: [UInt8] = []
    for seed: UInt64 in 0..<5 { data += big(UInt32(36)) + [0x26] + junk(35, seed: seed) }
    if foreign { data.replaceSubrange(80..<140, with: junk(60, seed: 8)) }
    return brand + meta(start) + box("mdat", data)
  }

  @Test func `foreign bytes in a coded picture are found at the unit that they break`() throws {
    #expect(try examine(.isoMedia, coded(foreign: false)).end == .complete)
    let start = coded(foreign: true).count - 200
    #expect(
      try examine(.isoMedia, coded(foreign: true)).end
        == .broken(at: ByteOffset(UInt64(start + 80))))
  }

  @Test func `a film ends behind its last box`() throws {
    let result = try examine(.isoMedia, film + junk(800))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: film.count))
    #expect(result.type == "mp4")
    #expect(result.date == Timestamp(year: 2024, month: 1, day: 1))
    #expect(resembles(.isoMedia, film))
  }

  @Test func `a film ends behind its last box although zeros follow`() throws {
    let result = try examine(.isoMedia, film + [UInt8](repeating: 0, count: 800))
    #expect(result.length == ByteCount(clamping: film.count))
  }

  @Test func `a film that another one follows ends before it`() throws {
    #expect(try examine(.isoMedia, film + film).length == ByteCount(clamping: film.count))
  }

  @Test func `QuickTime without a brand is followed too`() throws {
    let media = box("mdat", samples.flatMap { $0 })
    let bytes = box("wide") + media + movie(firstSample: 16)
    let result = try examine(.isoMedia, bytes + junk(800))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes.count))
    #expect(result.type == "mov")
  }

  @Test func `a picture ends behind its last box, and its type is that of the brand`() throws {
    let result = try examine(.isoMedia, picture + junk(800))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: picture.count))
    #expect(result.type == "heic")
  }

  @Test func `a file cut anywhere is never whole`() throws {
    try expectNoneWhole(.isoMedia, cutsOf: film)
    try expectNoneWhole(.isoMedia, cutsOf: picture)
  }

  @Test func `a file cut anywhere is not whole although other bytes follow`() throws {
    for length in stride(from: 0, to: film.count, by: 7) {
      let foreign = Array(film[..<length]) + junk(2000, seed: UInt64(length))
      #expect(try examine(.isoMedia, foreign).end != .complete, "cut to \(length) bytes")
    }
  }

  @Test func `damaged bytes give a bounded result`() throws {
    try expectBounded(.isoMedia, damaging: film)
    try expectBounded(.isoMedia, damaging: picture)
  }

  @Test func `foreign bytes among the samples are found at the unit that they break`() throws {
    var bytes = film
    let cut = brand.count + 8 + 45 * 6
    bytes.replaceSubrange(cut..<cut + 64, with: junk(64, seed: 3))
    #expect(try examine(.isoMedia, bytes).end == .broken(at: ByteOffset(UInt64(cut))))
  }

  @Test func `media data without an index are not whole`() throws {
    let bytes = brand + box("mdat", junk(3000))
    #expect(try examine(.isoMedia, bytes).end != .complete)
  }

  @Test func `an item beyond the end is noticed`() throws {
    let short = Array(picture.dropLast(208)) + box("mdat", junk(100))
    #expect(try examine(.isoMedia, short).end != .complete)
  }
}
