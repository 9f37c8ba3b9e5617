// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import Fixtures
import Testing

@testable import FileFormats

@Suite struct `gzip archives` {
  /// A member whose deflate stream is one stored block.
  private func member(_ text: String, name: String? = nil) -> [UInt8] {
    let data = Array(text.utf8)
    var crc = CRC32()
    crc.update(data)
    let flags: UInt8 = name == nil ? 0 : 8
    return [0x1F, 0x8B, 8, flags] + little(UInt32(1_700_000_000)) + [0, 3]
      + (name.map { Array($0.utf8) + [0] } ?? []) + [1] + little(UInt16(data.count))
      + little(~UInt16(data.count)) + data + little(crc.value) + little(UInt32(data.count))
  }

  @Test func `one member ends behind its length`() throws {
    let bytes = member("hello", name: "hello.txt")
    let result = try examine(.gzip, bytes + junk(500))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes.count))
    #expect(result.name == "hello.txt")
    #expect(result.evidence.contains(.checksumsHold(count: 1, kind: "CRC-32")))
  }

  @Test func `members end to end are one file`() throws {
    let bytes = member("one") + member("two")
    #expect(try examine(.gzip, bytes + junk(50)).length == ByteCount(clamping: bytes.count))
  }

  @Test func `a file cut anywhere is never whole`() throws {
    try expectNoneWhole(.gzip, cutsOf: member("some words", name: "x"))
  }

  @Test func `damaged data is never called sound`() throws {
    let bytes = member("some words that matter")
    // Byte 10 has bits that nobody reads.
    for index in 11..<bytes.count {
      var damaged = bytes
      damaged[index] ^= 0x10
      #expect(try examine(.gzip, damaged).end != .complete, "byte \(index)")
    }
  }

  @Test func `damage gives a bounded answer`() throws {
    try expectBounded(.gzip, damaging: member("some words that matter", name: "y"))
  }

  @Test func `chance bytes are mostly sorted out`() {
    var random = Noise(state: 3)
    let passed = (0..<10_000).count { _ in
      let rest = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
      return resembles(.gzip, [0x1F, 0x8B, 8] + rest)
    }
    #expect(passed < 50)
  }
}
