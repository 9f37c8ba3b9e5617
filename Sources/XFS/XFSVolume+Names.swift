// SPDX-License-Identifier: Apache-2.0

import Bytes

extension XFSVolume {
  /// Blocks of freed directories that are told apart by what their inodes say.
  private static let mostPlaces = 0x8_0000

  /// Gathers names from what was removed from present folders, from directory blocks and inodes that
  /// were freed, and from the log.
  func names(_ tree: LiveTree, _ survey: Survey, _ history: History) -> NameTable {
    var table = NameTable()
    var owners: [ByteOffset: UInt64] = [:]
    for (folder, entries) in tree.leftovers {
      add(entries, of: folder, .leftover, to: &table, survey)
    }
    for number in survey.freed + survey.unreached {
      guard let inode = inode(number) else { continue }
      addFolder(inode, number, &owners, to: &table, survey)
    }
    for offset in survey.directoryBlocks {
      guard
        let bytes = try? source.read(
          at: offset, count: ByteCount(superblock.directoryBlockSize)),
        !superblock.hasChecksums
          || DirectoryBlock.isStamped(bytes, uuid: superblock.uuid, at: offset),
        let block = DirectoryBlock(bytes, superblock: superblock),
        let owner = block.owner ?? owners[offset]
      else { continue }
      owners[offset] = owner
      add(block.entries, of: owner, .freedDirectory, to: &table, survey)
      add(block.leftovers, of: owner, .leftover, to: &table, survey)
      if let parent = block.parent { table.add(parent: parent, of: owner) }
    }
    addLog(history, tree, owners, to: &table, survey)
    return table
  }

  /// The names in a folder that is in no present one, or in what is left of one.
  private func addFolder(
    _ inode: Inode, _ number: UInt64, _ owners: inout [ByteOffset: UInt64],
    to table: inout NameTable, _ survey: Survey
  ) {
    let map = BlockMap(volume: self, owner: number)
    let runs: [BlockRun]?
    switch inode.kind {
    case .folder where inode.format == .local, .free:
      let fork = inode.kind == .free ? inode.literal : inode.fork
      if let short = shortDirectory(fork), inode.kind == .folder || !short.entries.isEmpty {
        add(short.entries, of: number, .freedDirectory, to: &table, survey)
        add(short.leftovers, of: number, .leftover, to: &table, survey)
        table.add(parent: short.parent, of: number)
        return
      }
      guard inode.kind == .free, !superblock.hasChecksums else { return }
      runs = map.remainingRuns(of: inode)
    case .folder: runs = map.runs(of: inode)
    default: return
    }
    // Blocks of version 5 tell their owner; here the map does, where the first one is a directory's.
    guard !superblock.hasChecksums, let runs, let first = runs.first, first.logical == 0,
      let start = geometry.range(ofBlock: first.physical, count: 1)?.lowerBound,
      let head = try? source.read(at: start, count: ByteCount(superblock.directoryBlockSize)),
      let block = DirectoryBlock(head, superblock: superblock), block.owner == number
    else { return }
    for run in runs where run.logical < (1 << 35) / geometry.blockSize && run.count <= 0x1_0000 {
      for index in 0..<run.count {
        // Two directories never share a block.
        guard owners.count < Self.mostPlaces,
          let place = geometry.range(ofBlock: run.physical + index, count: 1)?.lowerBound,
          owners[place] == nil || owners[place] == number
        else { return }
        owners[place] = number
      }
    }
  }

  private func add(
    _ entries: [DirectoryEntry], of folder: UInt64, _ origin: NameTable.Origin,
    at moment: UInt64 = 0, to table: inout NameTable, _ survey: Survey
  ) {
    for entry in entries {
      guard let number = survey.number(of: entry.target, in: folder),
        geometry.range(ofInode: number) != nil
      else { continue }
      table.add(
        NameTable.Name(parent: folder, name: entry.name, type: entry.type), of: number, origin,
        at: moment)
    }
  }

  private func addLog(
    _ history: History, _ tree: LiveTree, _ owners: [ByteOffset: UInt64],
    to table: inout NameTable, _ survey: Survey
  ) {
    for (life, versions) in history.lives.sorted(by: { $0.key < $1.key }) {
      for version in versions where version.inode.kind == .folder {
        guard case .local(let bytes) = version.fork, let short = shortDirectory(bytes) else {
          continue
        }
        add(short.entries, of: life.number, .log, at: version.moment, to: &table, survey)
        table.add(parent: short.parent, of: life.number)
      }
    }
    var folders = owners
    for piece in history.pieces {
      let place = ByteOffset(piece.block &* 512)
      if piece.offset == 0, superblock.hasChecksums,
        piece.bytes.holds(superblock.uuid, at: 0x18),
        let owner = try? piece.bytes.big(UInt64.self, at: 0x28)
      {
        folders[place] = owner
      }
      guard let folder = folders[place] else { continue }
      let start = piece.offset == 0 ? (superblock.hasChecksums ? 0x40 : 0x10) : 0
      for entry in DirectoryBlock.entries(
        inPiece: piece.bytes, at: piece.offset, from: start, hasTypes: superblock.hasFileTypes)
      where entry.name != DirectoryEntry.dot && entry.name != DirectoryEntry.dotDot {
        let isInForce = if case .inode = entry.target { true } else { false }
        add(
          [entry], of: folder, .log, at: isInForce ? piece.moment : 0, to: &table, survey)
      }
    }
  }
}
