// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Testing

@Suite struct `MP3 sound` {
  /// A frame of 128 kbit/s at 44.1 kHz: 417 bytes, 418 with padding.
  private func frame(_ number: Int) -> [UInt8] {
    let isPadded = number % 3 == 0
    return [0xFF, 0xFB, isPadded ? 0x92 : 0x90, 0x64]
      + junk(isPadded ? 414 : 413, seed: UInt64(number))
  }

  private func text(_ id: String, _ value: String) -> [UInt8] {
    Array(id.utf8) + big(UInt32(value.utf8.count + 1)) + [0, 0, 3] + Array(value.utf8)
  }

  private var tag: [UInt8] {
    let frames = text("TPE1", "The Band") + text("TIT2", "A Song") + text("TDRC", "2019-05-06")
    let size = frames.count + 20
    return Array("ID3".utf8) + [3, 0, 0, 0, 0, UInt8(size >> 7), UInt8(size & 0x7F)] + frames
      + [UInt8](repeating: 0, count: 20)
  }

  private var sound: [UInt8] { (0..<20).flatMap { frame($0) } }
  private var tail: [UInt8] { Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125) }

  @Test func `frames are followed to the tag behind them`() throws {
    let bytes = tag + sound + tail
    let result = try examine(.mp3, bytes + junk(900))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes.count))
    #expect(result.name == "The Band - A Song")
    #expect(result.date == Timestamp(year: 2019, month: 5, day: 6))
    #expect(resembles(.mp3, bytes))
  }

  @Test func `frames alone are followed to where they end`() throws {
    let result = try examine(.mp3, sound + [UInt8](repeating: 0, count: 900))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: sound.count))
    #expect(result.evidence.contains(.endReasoned))
    #expect(resembles(.mp3, sound))
  }

  @Test func `frames that other bytes follow prove no end`() throws {
    let result = try examine(.mp3, sound + junk(900))
    #expect(result.evidence == [.headerMatched("mp3"), .endReasoned])
  }

  @Test func `sound cut inside a frame is never whole`() throws {
    var boundary = tag.count
    var boundaries: Set<Int> = []
    for number in 0..<20 {
      boundary += frame(number).count
      boundaries.insert(boundary)
    }
    let bytes = tag + sound
    for length in stride(from: 0, to: bytes.count, by: 5) where !boundaries.contains(length) {
      // Up to three bytes of a next frame cannot be told from what follows a file.
      if boundaries.contains(where: { (1...3).contains(length - $0) }) { continue }
      #expect(try examine(.mp3, Array(bytes[..<length])).end != .complete, "cut to \(length)")
    }
  }

  @Test(arguments: [(1, 60), (2, 30_000)])
  func `fewer frames or bytes than the encoder counted are noticed`(flag: Int, number: Int) throws {
    var first = frame(1)
    first.replaceSubrange(
      36..<48, with: Array("Xing".utf8) + big(UInt32(flag)) + big(UInt32(number)))
    let rest = (2..<40).flatMap { frame($0) }
    #expect(try examine(.mp3, first + rest + junk(9000)).end != .complete)
  }

  @Test func `damaged bytes give a bounded result`() throws {
    try expectBounded(.mp3, damaging: tag + sound + tail, times: 100)
  }

  @Test func `a chance sync word does not resemble sound`() {
    #expect(!resembles(.mp3, [0xFF, 0xFB, 0x90, 0x64] + junk(8000)))
    #expect(!resembles(.mp3, [UInt8](repeating: 0xFF, count: 8000)))
  }
}
