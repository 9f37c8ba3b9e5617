// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Testing

@testable import Compression

@Suite struct `An LZO1X stream` {
  @Test func `copies literals and what came before`() {
    #expect(LZO1X.unpack([17 + 3, 0x61, 0x62, 0x63, 0x11, 0, 0], limit: 10) == Array("abc".utf8))
    // 0x20 | 4: six bytes from three back; one literal behind.
    #expect(
      LZO1X.unpack([20, 0x61, 0x62, 0x63, 0x24, 0x09, 0, 0x21, 0x11, 0, 0], limit: 10)
        == Array("abcabcabc!".utf8))
    // A long run of literals: 3 + 15 + 255 + 1.
    let run = [UInt8](repeating: 9, count: 274)
    #expect(LZO1X.unpack([0, 0, 1] + run + [0x11, 0, 0], limit: 300) == run)
  }

  @Test(
    arguments: [
      [], [0x11], [0x11, 0], [20, 1, 2], [20, 1, 2, 3], [18, 1, 0x40, 0xFF], [0, 0, 0, 0],
      [20, 1, 2, 3, 0x3F, 0xFF, 0xFF],
    ] as [[UInt8]])
  func `refuses what is cut or reaches before its start`(_ stream: [UInt8]) {
    #expect(LZO1X.unpack(stream, limit: 4096) == nil)
  }

  @Test func `gives no more than is allowed`() {
    #expect(LZO1X.unpack([22, 1, 2, 3, 4, 5, 0x11, 0, 0], limit: 4) == nil)
    #expect(LZO1X.unpack([22, 1, 2, 3, 4, 5, 0x11, 0, 0], limit: 5) == [1, 2, 3, 4, 5])
  }

  @Test func `reads any bytes without harm`() {
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      let bytes = (0..<24).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      if let output = LZO1X.unpack(bytes, limit: 512) { #expect(output.count <= 512) }
    }
  }
}

@Suite struct `A compressed piece` {
  private let piece = Packed(.lzo(sectorSize: 4096), stored: [0..<19], length: 8)
  /// The length of all, that of the segment, and three literals.
  private let stored: [UInt8] = [15, 0, 0, 0, 7, 0, 0, 0, 20, 0x61, 0x62, 0x63, 0x11, 0, 0]

  @Test func `is filled with zeros to its length`() throws {
    #expect(try Unpacking.unpack(piece, stored) == [0x61, 0x62, 0x63, 0, 0, 0, 0, 0])
  }

  @Test func `that is damaged throws`() {
    for index in [0, 1, 4, 8, 12] {
      var bytes = stored
      bytes[index] ^= 0xF0
      #expect(throws: (any Error).self) { try Unpacking.unpack(piece, bytes) }
    }
  }

  @Test func `reads as a part of a source`() throws {
    let stored = self.stored
    let medium = Source(
      MemoryMedium(stored), extents: [Extent(0..<15)], name: "x"
    ).unpacking(with: Unpacking.unpack)
    let packed = Packed(.lzo(sectorSize: 4096), stored: [0..<15], length: 8)
    let file = medium.joined([
      Extent(bytes: [1]), Extent(.packed(packed), count: 8),
      Extent(.packed(packed), count: 8).part(skipping: 1, count: 2),
    ])
    #expect(
      try file.read(at: 0, count: file.length)
        == [1, 0x61, 0x62, 0x63, 0, 0, 0, 0, 0, 0x62, 0x63])
    #expect(try file.slice(2..<4).read(at: 0, count: 2) == [0x62, 0x63])
    #expect(throws: (any Error).self) {
      try Source(MemoryMedium(stored), extents: [Extent(.packed(packed), count: 8)], name: "x")
        .read(at: 0, count: 1)
    }
  }
}
