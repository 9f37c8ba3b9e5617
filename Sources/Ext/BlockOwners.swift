// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Whose directory a block is or was.
struct BlockOwners {
  private let volume: ExtVolume
  private let isFormer: Bool
  /// Folders by the seal of their blocks.
  private var seals: [UInt32: UInt32] = [:]
  /// Folders by the blocks that some version of their inode maps.
  private var blocks: [UInt64: UInt32] = [:]
  /// Folders of the past.
  private var folders: Set<UInt32> = []

  /// Blocks of folders of the past.
  var pastBlocks: [UInt64] { Array(blocks.keys) }

  init(
    _ volume: ExtVolume, _ tree: LiveTree, _ history: History, _ graves: Graves, isFormer: Bool
  ) {
    self.volume = volume
    self.isFormer = isFormer
    seals = graves.folders
    // The root of a new file system is of the generation 0; later blocks of an old one may be left.
    if isFormer, let seal = volume.seal(2, 0) { seals[seal] = 2 }
    for (number, inode) in tree.folders {
      if let seal = volume.seal(number, inode.generation) { seals[seal] = number }
    }
    for (life, versions) in history.lives.sorted(by: { $0.key < $1.key }) {
      let past = versions.filter { $0.inode.kind == .folder }
      guard !past.isEmpty else { continue }
      let seal = volume.seal(life.number, life.generation)
      if let seal { seals[seal] = life.number }
      folders.insert(life.number)
      for version in past where !version.inode.hasInlineData {
        let map = BlockMap(layout: volume.layout) {
          history.versions(of: $0, at: version.transaction, seed: seal)
        }
        // A folder is small; what a damaged map makes of it need not be.
        for run in map.runs(of: version.inode) ?? [] where run.count <= 0x1_0000 {
          for block in run.physical..<run.physical + run.count where blocks[block] == nil {
            blocks[block] = life.number
          }
        }
      }
    }
  }

  /// The folder that a block's checksum tells, else the one that its own bytes name, else the one
  /// whose inode mapped it; nil for a block of another file system that was here.
  func owner(of bytes: [UInt8], _ block: DirectoryBlock, at number: UInt64) -> UInt32? {
    let seal = DirectoryBlock.seed(of: bytes)
    if let seal, volume.hasChecksums {
      if let owner = seals[seal] { return owner }
      if isFormer, block.itself == nil { return nil }
    }
    guard let itself = block.itself else { return blocks[number] }
    guard isFormer else { return isAnothers(itself) ? nil : itself }
    // Of a folder that is known, a block with another seal is another's.
    return volume.hasChecksums && seal != nil && folders.contains(itself) ? nil : itself
  }

  /// Whether a folder of this number was one of another file system that was here.
  private func isAnothers(_ number: UInt32) -> Bool {
    if volume.neverUsed(number) { return true }
    guard let inode = volume.inode(number), inode.kind != .none else { return false }
    return volume.isForeign(inode, number)
  }
}
