// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Testing

@testable import Carving

@Suite struct `What blocks look like` {
  private static let block = 4096

  /// Blocks of samples that rise and fall, of noise (`d`), text (`t`) and zeros (`z`).
  private func disk(_ kinds: String) -> [UInt8] {
    var noise = Noise(state: 7)
    return kinds.flatMap { kind -> [UInt8] in
      switch kind {
      case "d": noise.bytes(Self.block)
      case "t": (0..<Self.block).map { Array("the words of a letter ".utf8)[$0 % 22] }
      case "z": [UInt8](repeating: 0, count: Self.block)
      default: (0..<Self.block).map { UInt8(100 + ($0 * 7 + Int(noise.bytes(1)[0]) % 5) % 40) }
      }
    }
  }

  private func best(_ kinds: String, keep count: Int) throws -> [Range<Int>] {
    let medium = Source(MemoryMedium(disk(kinds)))
    let pool = Pool(
      on: medium, free: RangeSet(medium.range), defects: RangeSet(),
      grid: BlockGrid(size: UInt64(Self.block), phase: 0))
    let places = pool.blocks(from: 0, count: kinds.count)
    let model = GapModel(BlockTrace(places, pool: pool, starts: []))
    return try #require(model.layouts(of: count, endingAt: kinds.count - 1).first).runs
  }

  @Test(arguments: ["sssszzzzzzss", "ssssttttttss", "ssssddddddss", "sssszzttddss"])
  func `tells a gap from a file`(kinds: String) throws {
    #expect(try best(kinds, keep: 6) == [0..<4, 10..<12])
  }

  @Test func `tells where a gap began whose end is known`() throws {
    let medium = Source(MemoryMedium(disk("ttttddddtt")))
    let pool = Pool(
      on: medium, free: RangeSet(medium.range), defects: RangeSet(),
      grid: BlockGrid(size: UInt64(Self.block), phase: 0))
    let model = GapModel(BlockTrace(pool.blocks(from: 0, count: 10), pool: pool, starts: []))
    let costs = (1..<8).map { model.cost(ofGapFrom: $0, to: 8) }
    #expect(costs.indices.min { costs[$0] < costs[$1] } == 3)
    #expect(model.cost(ofGapFrom: 8, to: 8) == .infinity)
  }

  @Test func `tells two gaps, of different lengths`() throws {
    #expect(try best("ssszzzzsssttss", keep: 8) == [0..<3, 7..<10, 12..<14])
  }

  @Test func `tells three gaps`() throws {
    #expect(try best("sszzzsstttttsszzss", keep: 8) == [0..<2, 5..<7, 12..<14, 16..<18])
  }

  @Test func `does not part what lies in one piece`() throws {
    #expect(try best("sssttzzss", keep: 9) == [0..<9])
  }

  @Test func `keeps no start of another file`() throws {
    let medium = Source(MemoryMedium(disk("ssssssss")))
    let pool = Pool(
      on: medium, free: RangeSet(medium.range), defects: RangeSet(),
      grid: BlockGrid(size: UInt64(Self.block), phase: 0))
    let places = pool.blocks(from: 0, count: 8)
    let trace = BlockTrace(places, pool: pool, starts: [ByteOffset(UInt64(3 * Self.block))])
    let layout = try #require(GapModel(trace).layouts(of: 6, endingAt: 7).first)
    #expect(layout.runs == [0..<3, 5..<8])
  }

  @Test func `shows nothing where too few blocks are left`() {
    let medium = Source(MemoryMedium(disk("ss")))
    let pool = Pool(
      on: medium, free: RangeSet(medium.range), defects: RangeSet(),
      grid: BlockGrid(size: UInt64(Self.block), phase: 0))
    let trace = BlockTrace(pool.blocks(from: 0, count: 2), pool: pool, starts: [])
    #expect(GapModel(trace).layouts(of: 4, endingAt: 1).isEmpty)
    #expect(GapModel(trace).layouts(of: 1, endingAt: 9).isEmpty)
  }
}
