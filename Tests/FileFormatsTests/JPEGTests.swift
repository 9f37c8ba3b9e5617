// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Specimens
import Testing

@Suite struct `JPEG pictures` {
  private static let all = [Pictures.baseline, Pictures.progressive, Pictures.grey]

  private func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
    [0xFF, marker] + big(UInt16(data.count + 2)) + data
  }

  /// The picture with a segment put behind its start marker.
  private func picture(_ bytes: [UInt8], with segment: [UInt8]) -> [UInt8] {
    Array(bytes[..<2]) + segment + Array(bytes[2...])
  }

  private func scanStart(_ bytes: [UInt8]) -> Int {
    bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA } ?? 0
  }

  /// EXIF: a camera, a date, and a thumbnail of four bytes.
  private var exif: [UInt8] {
    func entry(_ tag: UInt16, _ type: UInt16, _ count: UInt32, _ value: UInt32) -> [UInt8] {
      big(tag) + big(type) + big(count) + big(value)
    }
    let main =
      big(UInt16(2)) + entry(0x0110, 2, 8, 68) + entry(0x0132, 2, 20, 76) + big(UInt32(38))
    let second =
      big(UInt16(2)) + entry(0x0201, 4, 1, 96) + entry(0x0202, 4, 1, 4) + big(UInt32(0))
    return Array("Exif\0\0".utf8) + [0x4D, 0x4D, 0, 42] + big(UInt32(8)) + main + second
      + Array("Boxy 1\0\0".utf8) + Array("2021:03:04 05:06:07\0".utf8) + [0xFF, 0xD8, 0xFF, 0xD9]
  }

  @Test(arguments: all)
  func `a whole picture is decoded and ends at its end marker`(bytes: [UInt8]) throws {
    let result = try examine(.jpeg, bytes + junk(2000))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes.count))
    #expect(result.evidence.contains(.decoded("JPEG")))
    #expect(resembles(.jpeg, bytes))
  }

  @Test(arguments: all)
  func `a picture cut anywhere is never whole`(bytes: [UInt8]) throws {
    try expectNoneWhole(.jpeg, cutsOf: bytes)
  }

  @Test(arguments: all)
  func `a picture cut anywhere is not whole although an end marker comes later`(
    bytes: [UInt8]
  ) throws {
    for length in stride(from: 10, to: bytes.count - 6, by: 3) {
      let foreign = Array(bytes[..<length]) + junk(600, seed: UInt64(length)) + [0xFF, 0xD9]
      #expect(try examine(.jpeg, foreign).end != .complete, "cut to \(length) bytes")
    }
  }

  @Test(arguments: all)
  func `damaged bytes give a bounded result`(bytes: [UInt8]) throws {
    try expectBounded(.jpeg, damaging: bytes, times: 150)
  }

  @Test func `foreign bytes in a scan are found where they begin`() throws {
    let bytes = Pictures.progressive
    let cut = scanStart(bytes) + 100
    let result = try examine(.jpeg, Array(bytes[..<cut]) + junk(4096, seed: 9))
    #expect(result.end != .complete)
    #expect((cut - 16...cut + 400).contains(Int(result.length.rawValue)))
  }

  @Test func `zeros in a scan are found where they begin`() throws {
    let bytes = Pictures.grey
    let cut = bytes.count - 40
    let zeros = [UInt8](repeating: 0, count: 4096)
    let result = try examine(.jpeg, Array(bytes[..<cut]) + zeros + [0xFF, 0xD9])
    #expect(result.end != .complete)
    #expect((cut - 2...cut + 2).contains(Int(result.length.rawValue)))
  }

  @Test func `a restart marker out of order breaks the picture there`() throws {
    var bytes = Pictures.baseline
    let start = scanStart(bytes)
    let marker = try #require(
      (start..<bytes.count - 1).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD1 })
    bytes[marker + 1] = 0xD3
    #expect(try examine(.jpeg, bytes).end == .broken(at: ByteOffset(UInt64(marker))))
  }

  @Test func `camera, date and thumbnail come from EXIF`() throws {
    let bytes = picture(Pictures.grey, with: segment(0xE1, exif))
    let result = try examine(.jpeg, bytes)
    #expect(result.name == "Boxy 1")
    #expect(
      result.date == Timestamp(year: 2021, month: 3, day: 4, hour: 5, minute: 6, second: 7))
    #expect(result.children == [.init(type: "jpg", range: 108..<112)])
    #expect(result.end == .complete)
  }

  /// A file of two pictures, the second at the place that the index names.
  private func pair(gap: [UInt8]) -> [UInt8] {
    func index(size: UInt32, offset: UInt32) -> [UInt8] {
      let head =
        Array("MPF\0".utf8) + [0x4D, 0x4D, 0, 42] + big(UInt32(8)) + big(UInt16(1))
        + big(
          UInt16(0xB002))
      let entries = big(UInt16(7)) + big(UInt32(32)) + big(UInt32(26)) + big(UInt32(0))
      return head + entries + [UInt8](repeating: 0, count: 16) + big(UInt32(0)) + big(size)
        + big(offset) + big(UInt32(0))
    }
    let second = Pictures.baseline
    let plain = picture(Pictures.grey, with: segment(0xE2, index(size: 0, offset: 0)))
    // Offsets count from the index's byte order mark: ten bytes into the file.
    let offset = UInt32(plain.count + gap.count - 10)
    let first = picture(
      Pictures.grey, with: segment(0xE2, index(size: UInt32(second.count), offset: offset)))
    return first + gap + second
  }

  @Test func `a file of several pictures ends behind the last one`() throws {
    let bytes = pair(gap: [0, 0, 0])
    let result = try examine(.jpeg, bytes + junk(900))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes.count))
  }

  @Test func `an index that outlived its pictures is passed over`() throws {
    let first = pair(gap: []).count - Pictures.baseline.count
    let result = try examine(.jpeg, Array(pair(gap: [])[..<first]) + junk(900))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: first))
  }

  @Test func `bytes without segments do not resemble a picture`() {
    #expect(!resembles(.jpeg, [0xFF, 0xD8, 0xFF] + [UInt8](repeating: 0, count: 600)))
    #expect(!resembles(.jpeg, [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + junk(600)))
  }

  @Test func `a frame of the largest size without data is refused in bounded time`() throws {
    var bytes = Pictures.grey
    let frame = try #require(
      bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    for index in frame + 5..<frame + 9 { bytes[index] = 0xFF }
    let start = scanStart(bytes) + 10
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    #expect(try examine(.jpeg, Array(bytes[..<start]) + zeros).end != .complete)
  }
}
