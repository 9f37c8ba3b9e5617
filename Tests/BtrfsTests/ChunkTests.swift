// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Btrfs

@Suite struct `A Btrfs chunk` {
  private func places(
    _ kind: Chunk.Kind, _ stripes: [(UInt64, UInt64)], of range: Range<ByteOffset>, copy: Int = 0,
    copies: UInt16 = 1
  ) throws -> [Range<ByteOffset>?] {
    var map = ChunkMap(device: 1)
    map.add([
      try Chunk(
        VolumeBuilder.chunk(
          kind: kind, stripes: stripes.map { ($0.0, $0.1) }, length: 0x10_0000, copies: copies
        ).bytes, address: 0x100_0000)
    ])
    return map.places(of: range, copy: copy).map(\.place)
  }

  @Test func `of one copy lies in one piece`() throws {
    #expect(
      try places([.data], [(1, 0x5000)], of: 0x100_1000..<0x103_0000) == [0x6000..<0x3_5000])
  }

  @Test func `of two copies has each where its stripe is`() throws {
    let stripes: [(UInt64, UInt64)] = [(1, 0x5000), (1, 0x50_0000)]
    for (copy, start) in [(0, 0x6000), (1, 0x50_1000)] as [(Int, UInt64)] {
      #expect(
        try places([.data, .duplicated], stripes, of: 0x100_1000..<0x100_2000, copy: copy)
          == [ByteOffset(start)..<ByteOffset(start + 0x1000)])
    }
  }

  @Test func `of two columns takes turns, and what is on another device is lost`() throws {
    let stripes: [(UInt64, UInt64)] = [(1, 0x20_0000), (2, 0x30_0000)]
    #expect(
      try places([.data, .raid0], stripes, of: 0x100_8000..<0x103_0000)
        == [0x20_8000..<0x21_0000, nil, 0x21_0000..<0x22_0000])
  }

  @Test func `of two columns of two copies has both`() throws {
    let stripes: [(UInt64, UInt64)] = [(1, 0), (1, 0x20_0000), (1, 0x40_0000), (1, 0x60_0000)]
    for (copy, expected) in [
      (0, [0..<0x1_0000, 0x40_0000..<0x41_0000]),
      (1, [0x20_0000..<0x21_0000, 0x60_0000..<0x61_0000]),
    ] as [(Int, [Range<ByteOffset>])] {
      #expect(
        try places([.data, .raid10], stripes, of: 0x100_0000..<0x102_0000, copy: copy, copies: 2)
          == expected)
    }
  }

  @Test func `behind the last one is nowhere`() throws {
    #expect(
      try places([.data], [(1, 0)], of: 0x10F_F000..<0x110_1000) == [0xF_F000..<0x10_0000, nil])
  }

  @Test func `of a length or stripes that cannot be is refused`() {
    for (length, count) in [(0, 1), (1 << 20, 0), (UInt64.max, 1)] as [(UInt64, Int)] {
      let stripes = [(device: UInt64, place: UInt64)](repeating: (1, 0), count: count)
      #expect(throws: (any Error).self) {
        try Chunk(VolumeBuilder.chunk(stripes: stripes, length: length).bytes, address: 0x1000)
      }
    }
  }
}
