// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension ExtVolume {
  /// Gathers names from the folders that are present, from the journal's copies of directory
  /// blocks, and from directory blocks that were freed.
  func names(
    _ tree: LiveTree, _ history: History, landmarks: [Landmark], allocation: Allocation
  ) -> NameTable {
    var table = NameTable()
    for (folder, block) in tree.blocks { table.add(block, of: folder, at: NameTable.now, .disk) }
    let owners = BlockOwners(self, tree, history)
    for (number, copies) in journal?.copies ?? [:] where layout.firstInode(in: number) == nil {
      for copy in copies {
        guard let bytes = try? journal?.contents(of: copy),
          let block = DirectoryBlock(bytes, hasTypes: hasFileTypes),
          let owner = owners.owner(of: bytes, block, at: number)
        else { continue }
        table.add(block, of: owner, at: UInt64(copy.transaction), .journal)
      }
    }
    let freed = Set(owners.pastBlocks).union(landmarkBlocks(landmarks, allocation))
      .filter { tree.folderBlocks[$0] == nil }
    for number in freed.sorted() {
      guard let bytes = self.block(number),
        let block = DirectoryBlock(bytes, hasTypes: hasFileTypes),
        let owner = owners.owner(of: bytes, block, at: number)
      else { continue }
      table.add(block, of: owner, at: 0, .freedBlock)
    }
    table.index()
    return table
  }

  /// The blocks in which the pass met directories, outside of what is in use.
  private func landmarkBlocks(_ landmarks: [Landmark], _ allocation: Allocation) -> [UInt64] {
    landmarks.compactMap { landmark in
      guard landmark.kind == .extDirectory || landmark.kind == .extDirectoryTail,
        !allocation.allocated.contains(landmark.offset)
      else { return nil }
      return blockNumber(at: landmark.offset)
    }
  }
}

/// Whose directory a block is or was.
struct BlockOwners {
  /// Folders by the seed that their blocks are sealed with.
  private var seeds: [UInt32: UInt32] = [:]
  /// Folders by the blocks that some version of their inode maps.
  private var blocks: [UInt64: UInt32] = [:]

  /// Blocks of folders of the past.
  var pastBlocks: [UInt64] { Array(blocks.keys) }

  init(_ volume: ExtVolume, _ tree: LiveTree, _ history: History) {
    func seal(_ number: UInt32, _ generation: UInt32) -> UInt32 {
      ExtChecksum.seed(volume.superblock.seed, inode: number, generation: generation)
    }
    if volume.hasChecksums {
      for (number, inode) in tree.folders { seeds[seal(number, inode.generation)] = number }
    }
    for (life, versions) in history.lives.sorted(by: { $0.key < $1.key }) {
      let folders = versions.filter { $0.inode.kind == .folder }
      guard !folders.isEmpty else { continue }
      let seed = volume.hasChecksums ? seal(life.number, life.generation) : nil
      if let seed { seeds[seed] = life.number }
      for version in folders where !version.inode.hasInlineData {
        let map = BlockMap(layout: volume.layout) {
          history.versions(of: $0, at: version.transaction, seed: seed)
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

  /// The folder that a block's own bytes name, else the one that its checksum tells, else the one
  /// whose inode mapped it.
  func owner(of bytes: [UInt8], _ block: DirectoryBlock, at number: UInt64) -> UInt32? {
    if let itself = block.itself { return itself }
    if let seed = DirectoryBlock.seed(of: bytes), let owner = seeds[seed] { return owner }
    return blocks[number]
  }
}
