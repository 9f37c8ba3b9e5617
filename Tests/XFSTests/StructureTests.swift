// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing

@testable import XFS

@Suite struct `XFS structures` {
  /// 16,384 blocks of 4 KiB in four groups, inodes of 512 bytes; version 5, without a right checksum.
  static func superblock(_ change: (inout [UInt8]) -> Void = { _ in }) throws -> Superblock? {
    var bytes = [UInt8](repeating: 0, count: 512)
    put(Array("XFSB".utf8), at: 0, in: &bytes)
    put(4096, 4, at: 0x04, in: &bytes)
    put(16_384, 8, at: 0x08, in: &bytes)
    bytes.replaceSubrange(0x20..<0x30, with: [UInt8](repeating: 7, count: 16))
    put(128, 8, at: 0x38, in: &bytes)
    put(4096, 4, at: 0x54, in: &bytes)
    put(4, 4, at: 0x58, in: &bytes)
    put(0xB4A5, 2, at: 0x64, in: &bytes)
    put(512, 2, at: 0x66, in: &bytes)
    put(512, 2, at: 0x68, in: &bytes)
    bytes[0x78] = 12
    bytes[0x7B] = 3
    bytes[0x7C] = 12
    put(1, 4, at: 0xD8, in: &bytes)
    change(&bytes)
    return try Superblock(bytes)
  }

  static func put(_ value: UInt64, _ width: Int, at offset: Int, in bytes: inout [UInt8]) {
    for index in 0..<width {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (width - 1 - index)))
    }
  }

  static func put(_ value: [UInt8], at offset: Int, in bytes: inout [UInt8]) {
    bytes.replaceSubrange(offset..<offset + value.count, with: value)
  }

  @Test func `a superblock whose numbers agree is read`() throws {
    let superblock = try #require(try Self.superblock())
    #expect(superblock.byteCount == 0x400_0000)
    #expect(superblock.hasFileTypes && !superblock.checksumHolds)
  }

  @Test(arguments: [(0x04, 4097), (0x54, 8192), (0x58, 0xFFFF_FFFF), (0x04, 0)] as [(Int, UInt64)])
  func `a superblock whose numbers contradict each other is none`(at: Int, value: UInt64) throws {
    #expect(try Self.superblock { Self.put(value, 4, at: at, in: &$0) } == nil)
  }

  @Test func `a superblock cut short anywhere is none`() throws {
    for length in 0..<512 {
      #expect(try Superblock([UInt8](repeating: 0x58, count: length)) == nil)
    }
  }

  @Test func `inodes and places are told from each other`() throws {
    let geometry = Geometry(superblock: try #require(try Self.superblock()))
    let number: UInt64 = 2 << 15 | 100 << 3 | 5
    let range = try #require(geometry.range(ofInode: number))
    #expect(range.lowerBound == ByteOffset(33_966_592))
    #expect(geometry.inode(at: range.lowerBound) == number)
    #expect(geometry.range(ofInode: 4 << 15) == nil)
    #expect(geometry.range(ofInode: .max) == nil)
    #expect(geometry.range(ofBlock: 4095, count: 2) == nil)
  }

  @Test func `an extent's four numbers come out of 128 bits`() throws {
    var bytes = [UInt8](repeating: 0, count: 16)
    Self.put(1 << 63 | 5 << 9, 8, at: 0, in: &bytes)
    Self.put(77 << 21 | 3, 8, at: 8, in: &bytes)
    #expect(
      try BlockRun(bytes, at: 0)
        == BlockRun(logical: 5, physical: 77, count: 3, isUnwritten: true))
  }

  @Test func `large timestamps start in 1901`() {
    #expect(Timestamp(sinceBigEpoch: 0) == Timestamp(seconds: -0x8000_0000))
    #expect(
      Timestamp(sinceBigEpoch: 0x8000_0000 * 1_000_000_000 + 1) == Timestamp(nanoseconds: 1))
  }

  /// A directory's only block with one entry in force and one that was removed.
  private func directoryBlock() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    Self.put(Array("XDB3".utf8), at: 0, in: &bytes)
    Self.put(128, 8, at: 0x28, in: &bytes)
    func entry(_ inode: UInt64, _ name: String, at offset: Int) -> Int {
      Self.put(inode, 8, at: offset, in: &bytes)
      bytes[offset + 8] = UInt8(name.utf8.count)
      Self.put(Array(name.utf8), at: offset + 9, in: &bytes)
      bytes[offset + 9 + name.utf8.count] = 1
      let end = (offset + 12 + name.utf8.count + 7) & ~7
      Self.put(UInt64(offset), 2, at: end - 2, in: &bytes)
      return end
    }
    let first = entry(131, "kept.txt", at: 0x40)
    let second = entry(0x1_0000_0084, "removed.txt", at: first)
    Self.put(0xFFFF, 2, at: first, in: &bytes)
    Self.put(UInt64(second - first), 2, at: first + 2, in: &bytes)
    Self.put(0xFFFF, 2, at: second, in: &bytes)
    Self.put(UInt64(4088 - second), 2, at: second + 2, in: &bytes)
    Self.put(UInt64(second), 2, at: 4086, in: &bytes)
    return bytes
  }

  @Test func `a removed entry keeps its name and half of its number`() throws {
    let superblock = try #require(try Self.superblock())
    let block = try #require(DirectoryBlock(directoryBlock(), superblock: superblock))
    #expect(block.owner == 128)
    #expect(block.entries.map(\.name) == ["kept.txt"])
    #expect(block.entries.map(\.target) == [.inode(131)])
    #expect(block.leftovers.map(\.name) == ["removed.txt"])
    #expect(block.leftovers.map(\.target) == [.lowHalf(0x84)])
  }

  @Test func `a directory block cut or damaged anywhere is read or refused`() throws {
    let superblock = try #require(try Self.superblock())
    let whole = directoryBlock()
    for length in stride(from: 0, to: whole.count, by: 3) {
      _ = DirectoryBlock(Array(whole.prefix(length)), superblock: superblock)
    }
    var random = Noise(state: 7)
    for index in 0..<256 {
      var bytes = whole
      bytes[index] = UInt8.random(in: 0...255, using: &random)
      _ = DirectoryBlock(bytes, superblock: superblock)
    }
  }

  @Test func `a small directory tells its entries, and what stands behind them`() throws {
    var bytes: [UInt8] = [1, 0, 0, 0, 0, 128]
    bytes += [1, 0, 0x60] + Array("a".utf8) + [1, 0, 0, 0, 131]
    bytes += [1, 0, 0x70] + Array("b".utf8) + [1, 0, 0, 0, 132]
    let short = try #require(ShortDirectory(bytes, hasTypes: true) { (128...200).contains($0) })
    #expect(short.parent == 128)
    #expect(short.entries.map(\.name) == ["a"])
    #expect(short.leftovers.map(\.name) == ["b"])
  }
}
