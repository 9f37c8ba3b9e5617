// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Testing

@Suite struct `RIFF files` {
  private func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
    Array(id.utf8) + little(UInt32(data.count)) + data + (data.count % 2 == 1 ? [0] : [])
  }

  private func list(_ id: String, _ form: String, _ chunks: [UInt8]) -> [UInt8] {
    chunk(id, Array(form.utf8) + chunks)
  }

  private var wave: [UInt8] {
    list(
      "RIFF", "WAVE",
      chunk("fmt ", [1, 0, 1, 0] + little(UInt32(8000)) + little(UInt32(8000)) + [1, 0, 8, 0])
        + chunk("data", junk(333))
        + list("LIST", "INFO", chunk("INAM", Array("Song\0".utf8))))
  }

  private var movie: [UInt8] {
    let header = list("LIST", "hdrl", chunk("IDIT", Array("Mon Mar 10 15:04:43 2003\n\0".utf8)))
    let frames = (0..<9).flatMap { chunk("00dc", junk(50, seed: $0)) + chunk("01wb", junk(31)) }
    let first = list("RIFF", "AVI ", header + list("LIST", "movi", frames) + chunk("idx1", []))
    return first + list("RIFF", "AVIX", list("LIST", "movi", frames))
  }

  private var picture: [UInt8] {
    list("RIFF", "WEBP", chunk("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A] + junk(81)))
  }

  private var all: [(FileFormat, [UInt8])] { [(.wav, wave), (.avi, movie), (.webp, picture)] }

  @Test func `a whole file ends where its size says`() throws {
    for (format, bytes) in all {
      let result = try examine(format, bytes + junk(600))
      #expect(result.end == .complete, "\(format.id)")
      #expect(result.length == ByteCount(clamping: bytes.count), "\(format.id)")
      #expect(resembles(format, bytes), "\(format.id)")
    }
  }

  @Test func `a file cut anywhere is never whole`() throws {
    try expectNoneWhole(.wav, cutsOf: wave)
    try expectNoneWhole(.webp, cutsOf: picture)
    // Without its second segment the movie is a whole one, only shorter.
    let second = try #require(
      movie.indices.dropFirst().first { Array(movie[$0...].prefix(4)) == Array("RIFF".utf8) })
    for length in 0..<movie.count where length < second || length > second + 12 {
      #expect(try examine(.avi, Array(movie[..<length])).end != .complete, "cut to \(length)")
    }
  }

  @Test func `damaged bytes give a bounded result`() throws {
    for (format, bytes) in all { try expectBounded(format, damaging: bytes) }
  }

  @Test func `foreign bytes in a movie are found at the chunk that they break`() throws {
    var bytes = movie
    let cut = bytes.count / 2 + 100
    bytes.replaceSubrange(cut..<cut + 200, with: junk(200, seed: 5))
    let result = try examine(.avi, bytes)
    #expect(result.end != .complete)
    #expect((cut - 60...cut + 60).contains(Int(result.length.rawValue)))
  }

  @Test func `title and date come from the lists`() throws {
    #expect(try examine(.wav, wave).name == "Song")
    #expect(
      try examine(.avi, movie).date
        == Timestamp(year: 2003, month: 3, day: 10, hour: 15, minute: 4, second: 43))
  }

  @Test func `an odd size is that of a file without a pad byte`() throws {
    let format = chunk(
      "fmt ", [1, 0, 1, 0] + little(UInt32(8000)) + little(UInt32(8000)) + [1, 0, 8, 0])
    let content = Array("WAVE".utf8) + format + Array("data".utf8) + little(UInt32(33)) + junk(33)
    let bytes = Array("RIFF".utf8) + little(UInt32(content.count)) + content
    #expect(try examine(.wav, bytes + [0, 0, 0, 0]).length == ByteCount(clamping: bytes.count))
  }

  @Test func `sound before its format is refused`() throws {
    let bytes = list("RIFF", "WAVE", chunk("data", junk(40)) + chunk("fmt ", junk(16)))
    #expect(try examine(.wav, bytes).end == .broken(at: 0))
  }
}
