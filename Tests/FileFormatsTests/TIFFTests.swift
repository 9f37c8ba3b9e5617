// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Testing

@Suite struct `TIFF pictures` {
  /// A picture of two strips behind its directory, in either byte order.
  private func bytes(isBig: Bool, next: UInt32 = 0) -> [UInt8] {
    func short(_ value: UInt16) -> [UInt8] { isBig ? big(value) : little(value) }
    func long(_ value: UInt32) -> [UInt8] { isBig ? big(value) : little(value) }
    func entry(_ tag: UInt16, _ type: UInt16, _ count: UInt32, _ value: [UInt8]) -> [UInt8] {
      short(tag) + short(type) + long(count) + value
        + [UInt8](repeating: 0, count: 4 - value.count)
    }
    let entries = [
      entry(0x0100, 3, 1, short(20)), entry(0x0103, 3, 1, short(1)),
      entry(0x0110, 2, 8, long(98)), entry(0x0111, 4, 2, long(106)),
      entry(0x0117, 4, 2, long(114)), entry(0x0132, 2, 20, long(122)),
      entry(0x8769, 4, 1, long(8)),
    ]
    let head = (isBig ? Array("MM".utf8) : Array("II".utf8)) + short(42) + long(8)
    let directory = short(7) + entries.flatMap { $0 } + long(next)
    let values =
      Array("Boxy 2\0\0".utf8) + long(142) + long(200) + long(58) + long(90)
      + Array("2020:02:03 04:05:06\0".utf8)
    return head + directory + values + junk(148)
  }

  @Test(arguments: [false, true])
  func `a picture ends behind its last strip`(isBig: Bool) throws {
    let bytes = bytes(isBig: isBig)
    let result = try examine(.tiff, bytes + junk(500))
    #expect(result.end == .complete)
    #expect(result.length == 290)
    #expect(result.name == "Boxy 2")
    #expect(
      result.date == Timestamp(year: 2020, month: 2, day: 3, hour: 4, minute: 5, second: 6))
    #expect(resembles(.tiff, bytes))
  }

  @Test func `a picture cut anywhere is never whole`() throws {
    try expectNoneWhole(.tiff, cutsOf: bytes(isBig: true))
  }

  @Test func `damaged bytes give a bounded result`() throws {
    try expectBounded(.tiff, damaging: bytes(isBig: false))
  }

  @Test func `directories that lead back to themselves are followed once`() throws {
    #expect(try examine(.tiff, bytes(isBig: false, next: 8)).length == 290)
  }

  @Test func `a big picture is followed with its wider fields`() throws {
    func entry(_ tag: UInt16, _ value: UInt64) -> [UInt8] {
      little(tag) + little(UInt16(16)) + little(UInt64(1)) + little(value)
    }
    let bytes =
      Array("II".utf8) + little(UInt16(43)) + little(UInt16(8)) + little(UInt16(0))
      + little(UInt64(16)) + little(UInt64(2)) + entry(0x0111, 72) + entry(0x0117, 100)
      + little(UInt64(0)) + junk(100)
    let result = try examine(.tiff, bytes + junk(300))
    #expect(result.end == .complete)
    #expect(result.length == 172)
  }

  @Test func `text and zeros do not resemble a picture`() {
    #expect(!resembles(.tiff, [0x49, 0x49, 0x2A, 0] + [UInt8](repeating: 0, count: 600)))
    #expect(
      !resembles(.tiff, [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0] + [UInt8](repeating: 0x41, count: 600)))
  }
}
