// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One life of an inode: the number is given out again, the generation is not.
struct InodeLife: Hashable, Comparable, Sendable {
  let number: UInt32
  let generation: UInt32

  static func < (left: Self, right: Self) -> Bool {
    (left.number, left.generation) < (right.number, right.generation)
  }
}

/// What the journal remembers of inodes and blocks.
struct History {
  /// An inode as it was at the end of a transaction.
  struct Version {
    let transaction: UInt32
    let inode: Inode
  }

  /// The states of each life, the newest first; only states that differ.
  private(set) var lives: [InodeLife: [Version]] = [:]
  private let volume: ExtVolume

  init(of volume: ExtVolume) {
    self.volume = volume
    guard let journal = volume.journal else { return }
    let size = volume.superblock.inodeSize
    for (block, copies) in journal.copies.sorted(by: { $0.key < $1.key }) {
      guard let first = volume.layout.firstInode(in: block) else { continue }
      for copy in copies {
        guard let bytes = try? journal.contents(of: copy) else { continue }
        for index in 0..<bytes.count / size {
          // Most records of a table block were never used.
          guard bytes[index * size] != 0 || bytes[index * size + 1] != 0,
            let inode = Inode(Array(bytes[index * size..<(index + 1) * size])),
            let number = UInt32(exactly: UInt64(first) + UInt64(index))
          else { continue }
          add(inode, of: number, at: copy.transaction)
        }
      }
    }
  }

  /// The inodes of a file system that is no longer in force, as its tables hold them: one state each.
  init(_ inodes: [(number: UInt32, inode: Inode)], of volume: ExtVolume) {
    self.volume = volume
    for (number, inode) in inodes { add(inode, of: number, at: 0) }
  }

  /// Copies come newest first: of equal neighbours the oldest transaction stays.
  private mutating func add(_ inode: Inode, of number: UInt32, at transaction: UInt32) {
    let life = InodeLife(number: number, generation: inode.generation)
    let version = Version(transaction: transaction, inode: inode)
    var versions = lives[life] ?? []
    if let last = versions.last, last.inode == inode {
      versions[versions.count - 1] = version
    } else {
      versions.append(version)
    }
    lives[life] = versions
  }

  /// The versions of an interior block that a map of this transaction may have used: the newest
  /// copy not later than it, older ones, then the disk, then later ones. Where blocks are sealed
  /// with their owner's seed, only those that are this owner's.
  func versions(of block: UInt64, at transaction: UInt32, seed: UInt32?) -> [[UInt8]] {
    let copies = volume.journal?.copies[block] ?? []
    let before = copies.filter { $0.transaction <= transaction }
    let after = copies.filter { $0.transaction > transaction }
    func contents(_ copies: [Journal.Copy]) -> [[UInt8]] {
      copies.compactMap { try? volume.journal?.contents(of: $0) }
    }
    let all = contents(before) + (volume.block(block).map { [$0] } ?? []) + contents(after)
    guard let seed else { return all }
    return all.filter { Self.isSealed($0, seed) }
  }

  /// Whether the tail of an extent tree block holds: a CRC-32C behind the room for entries.
  private static func isSealed(_ block: [UInt8], _ seed: UInt32) -> Bool {
    guard let room = try? block.little(UInt16.self, at: 4) else { return false }
    let end = 12 + 12 * Int(room)
    guard let stored = try? block.little(UInt32.self, at: end) else { return false }
    return ExtChecksum.crc(seed, Array(block[..<end])) == stored
  }
}
