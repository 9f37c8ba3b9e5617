// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension ExtVolume {
  /// Gathers names from the folders that are present, from the journal's copies of directory
  /// blocks, and from directory blocks that were freed.
  ///
  /// - Parameters:
  ///   - allocated: what is in use, so that no freed directory stands there.
  ///   - graves: deleted inodes, whose seals directory blocks may bear.
  ///   - isFormer: of a volume that is no longer in force, so that blocks may be another's.
  func names(
    _ tree: LiveTree, _ history: History, landmarks: [Landmark], allocated: RangeSet<ByteOffset>,
    graves: Graves = Graves(), isFormer: Bool = false
  ) -> NameTable {
    var table = NameTable()
    for (folder, block) in tree.blocks { table.add(block, of: folder, at: NameTable.now, .disk) }
    let owners = BlockOwners(self, tree, history, graves, isFormer: isFormer)
    for (number, copies) in journal?.copies ?? [:] where layout.firstInode(in: number) == nil {
      for copy in copies {
        guard let bytes = try? journal?.contents(of: copy),
          let block = DirectoryBlock(bytes, hasTypes: hasFileTypes),
          let owner = owners.owner(of: bytes, block, at: number)
        else { continue }
        table.add(block, of: owner, at: UInt64(copy.transaction), .journal)
      }
    }
    let freed = Set(owners.pastBlocks).union(landmarkBlocks(landmarks))
      .filter { tree.folderBlocks[$0] == nil && !isAllocated($0, allocated) }
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

  /// The blocks in which the pass met directories.
  private func landmarkBlocks(_ landmarks: [Landmark]) -> [UInt64] {
    landmarks.compactMap { landmark in
      landmark.kind == .extDirectory || landmark.kind == .extDirectoryTail
        ? blockNumber(at: landmark.offset) : nil
    }
  }

  private func isAllocated(_ block: UInt64, _ allocated: RangeSet<ByteOffset>) -> Bool {
    onMedium([block..<block + 1]).contains { allocated.contains($0.lowerBound) }
  }
}
