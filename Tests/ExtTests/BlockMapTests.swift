// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Testing

@testable import Ext

@Suite struct `A block map` {
  private let layout: Layout

  init() throws {
    let source = VolumeBuilder().source()
    let superblock = try #require(try Superblock(VolumeBuilder.superblock().bytes))
    layout = try Layout(superblock, in: source)
  }

  /// An extent node: `second` and `third` as they stand in an entry.
  private func node(
    depth: UInt16, _ entries: [(logical: UInt32, second: UInt32, third: UInt32)],
    count: Int = 1024
  ) -> [UInt8] {
    var block = Block(count)
    block.put(0, [0x0A, 0xF3])
    block.little(2, UInt16(entries.count))
    block.little(4, UInt16((count - 12) / 12))
    block.little(6, depth)
    for (index, entry) in entries.enumerated() {
      block.little(12 + 12 * index, entry.logical)
      block.little(16 + 12 * index, entry.second)
      block.little(20 + 12 * index, entry.third)
    }
    return block.bytes
  }

  private func inode(_ map: [UInt8], extents: Bool = true, size: UInt32 = 1 << 20) throws -> Inode {
    var record = Block(128)
    record.little(0, UInt16(0x8000))
    record.little(4, size)
    record.little(0x20, extents ? 0x8_0000 : 0 as UInt32)
    record.put(0x28, Array(map.prefix(60)))
    return try #require(Inode(record.bytes))
  }

  private func runs(_ inode: Inode, _ blocks: [UInt64: [UInt8]] = [:]) -> [BlockRun]? {
    BlockMap(layout: layout) { blocks[$0].map { [$0] } ?? [] }.runs(of: inode)
  }

  @Test func `of extents gives its runs in order`() throws {
    let root = node(depth: 0, [(0, 2, 10), (5, 0x8003, 20)], count: 60)
    #expect(
      runs(try inode(root)) == [
        BlockRun(logical: 0, physical: 10, count: 2),
        BlockRun(logical: 5, physical: 20, count: 3, isUnwritten: true),
      ])
  }

  @Test func `of two levels is followed`() throws {
    let root = node(depth: 1, [(0, 30, 0), (4, 31, 0)], count: 60)
    let leaves: [UInt64: [UInt8]] = [
      30: node(depth: 0, [(0, 4, 10)]), 31: node(depth: 0, [(4, 1, 20)]),
    ]
    #expect(runs(try inode(root), leaves)?.map(\.physical) == [10, 20])
  }

  @Test func `that leads into itself is broken`() throws {
    let root = node(depth: 1, [(0, 30, 0)], count: 60)
    #expect(runs(try inode(root), [30: node(depth: 1, [(0, 30, 0)])]) == nil)
    #expect(runs(try inode(root), [30: node(depth: 0, [])]) == nil)
  }

  @Test func `that covers a part twice is broken`() throws {
    #expect(runs(try inode(node(depth: 0, [(0, 4, 10), (3, 1, 20)], count: 60))) == nil)
    // The same child under every entry: without the rule, as many runs as it likes.
    let root = node(depth: 1, (0..<4).map { (UInt32($0), 30, 0) }, count: 60)
    #expect(runs(try inode(root), [30: node(depth: 0, [(0, 1, 10)])]) == nil)
  }

  @Test func `that leaves the volume is broken`() throws {
    #expect(runs(try inode(node(depth: 0, [(0, 2, 63)], count: 60))) == nil)
    #expect(runs(try inode(node(depth: 0, [(0, 1, 0)], count: 60))) == nil)
    #expect(runs(try inode(node(depth: 0, [(0, 1 | 0xFFFF << 16, 10)], count: 60))) == nil)
  }

  @Test func `takes the first sound version of a block`() throws {
    let root = try inode(node(depth: 1, [(0, 30, 0)], count: 60))
    let sound = node(depth: 0, [(0, 1, 10)])
    let map = BlockMap(layout: layout) { _ in [[0, 1, 2], node(depth: 3, [(0, 1, 1)]), sound] }
    #expect(map.runs(of: root)?.map(\.physical) == [10])
  }

  @Test func `of pointers has direct and indirect blocks, and holes`() throws {
    var map = Block(60)
    for index in 0..<12 { map.little(4 * index, UInt32(index == 3 ? 0 : 10 + index)) }
    map.little(48, UInt32(40))
    var indirect = Block()
    indirect.little(0, UInt32(50))
    indirect.little(4, UInt32(51))
    let found = runs(try inode(map.bytes, extents: false, size: 14 << 10), [40: indirect.bytes])
    #expect(
      found == [
        BlockRun(logical: 0, physical: 10, count: 3),
        BlockRun(logical: 4, physical: 14, count: 8),
        BlockRun(logical: 12, physical: 50, count: 2),
      ])
  }

  @Test func `of random bytes ends`() throws {
    var random = Noise(state: 7)
    var broken = 0
    for _ in 0..<500 {
      let map = (0..<60).map { _ in UInt8.random(in: 0...255, using: &random) }
      let block = (0..<1024).map { _ in UInt8.random(in: 0...40, using: &random) }
      for extents in [false, true] {
        let bytes =
          extents ? [0x0A, 0xF3, 4, 0, 4, 0, UInt8(map[0] & 3), 0] + map.dropFirst(8) : map
        let size = UInt32.random(in: 0...UInt32.max, using: &random)
        let map = BlockMap(layout: layout) { _ in [block] }
        if map.runs(of: try inode(bytes, extents: extents, size: size)) == nil { broken += 1 }
      }
    }
    #expect(broken > 900)
  }
}
