// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Specimens
import Testing

@Suite struct `GIF pictures` {
  @Test func `a whole picture is followed to its trailer`() throws {
    let result = try examine(.gif, Pictures.animated + junk(900))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: Pictures.animated.count))
    #expect(result.evidence.contains(.decoded("GIF")))
    #expect(resembles(.gif, Pictures.animated))
  }

  @Test func `a picture cut anywhere is never whole`() throws {
    try expectNoneWhole(.gif, cutsOf: Pictures.animated)
  }

  @Test func `a picture cut anywhere is not whole although other bytes follow`() throws {
    for length in stride(from: 20, to: Pictures.animated.count - 1, by: 3) {
      let foreign = Array(Pictures.animated[..<length]) + junk(700, seed: UInt64(length))
      #expect(try examine(.gif, foreign).end != .complete, "cut to \(length) bytes")
    }
  }

  @Test func `damaged bytes give a bounded result`() throws {
    try expectBounded(.gif, damaging: Pictures.animated)
  }

  @Test func `a code before it is known breaks the picture`() throws {
    // A picture of one pixel: a code width of 2, then data that start with an end-of-table code.
    let head = Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0] + [0, 0, 0, 255, 255, 255]
    let image: [UInt8] = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0b0011_1100, 0, 0x3B]
    #expect(try examine(.gif, head + image).end == .broken(at: 30))
  }

  @Test func `an empty screen does not resemble a picture`() {
    #expect(!resembles(.gif, Array("GIF89a".utf8) + [UInt8](repeating: 0, count: 600)))
  }
}
