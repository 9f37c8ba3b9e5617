// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing

@testable import XFS

@Suite struct `The tree of a file's extents` {
  private static let nodes: [UInt64] = [20, 21, 22]

  private func put(_ value: UInt64, _ width: Int, at offset: Int, in bytes: inout [UInt8]) {
    `XFS structures`.put(value, width, at: offset, in: &bytes)
  }

  /// A volume with three leaves of the tree of an inode, each with one extent of a block.
  private func volume(owner: UInt64) throws -> XFSVolume? {
    var bytes = [UInt8](repeating: 0, count: 32 * 4096)
    for (index, block) in Self.nodes.enumerated() {
      let at = Int(block) * 4096
      bytes.replaceSubrange(at..<at + 4, with: Array("BMA3".utf8))
      put(1, 2, at: at + 6, in: &bytes)
      bytes.replaceSubrange(at + 0x28..<at + 0x38, with: [UInt8](repeating: 7, count: 16))
      put(owner, 8, at: at + 0x38, in: &bytes)
      put(UInt64(index) << 9, 8, at: at + 72, in: &bytes)
      put((24 + UInt64(index)) << 21 | 1, 8, at: at + 80, in: &bytes)
    }
    guard let superblock = try `XFS structures`.superblock() else { return nil }
    return XFSVolume(superblock, in: Source(MemoryMedium(bytes)))
  }

  /// A freed inode with the root of the tree, whose pointers stand behind room for some keys.
  private func freed(room: Int) -> Inode? {
    var bytes = [UInt8](repeating: 0, count: 512)
    bytes.replaceSubrange(0..<6, with: [0x49, 0x4E, 0, 0, 3, 2])
    put(1, 2, at: 0xB0, in: &bytes)
    put(3, 2, at: 0xB2, in: &bytes)
    for (index, block) in Self.nodes.enumerated() {
      put(UInt64(index), 8, at: 0xB4 + 8 * index, in: &bytes)
      put(block, 8, at: 0xB4 + 8 * (room + index), in: &bytes)
    }
    return Inode(bytes)
  }

  @Test(arguments: 3...20) func `is found wherever attributes once began`(room: Int) throws {
    let volume = try #require(try volume(owner: 131))
    let inode = try #require(freed(room: room))
    let runs = BlockMap(volume: volume, owner: 131).remainingRuns(of: inode)
    #expect(runs?.map(\.physical) == [24, 25, 26])
  }

  @Test func `is not taken for another file's`() throws {
    let volume = try #require(try volume(owner: 132))
    let inode = try #require(freed(room: 11))
    #expect(BlockMap(volume: volume, owner: 131).remainingRuns(of: inode) == nil)
  }
}
