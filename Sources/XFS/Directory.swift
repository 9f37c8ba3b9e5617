// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a folder's inode leads to: names in force, names left over, the folder above.
struct Directory: Sendable {
  private(set) var entries: [DirectoryEntry] = []
  private(set) var leftovers: [DirectoryEntry] = []
  private(set) var parent: UInt64?
  /// Where its blocks start, in the volume.
  private(set) var blocks: [ByteOffset] = []

  /// Blocks with names lie in the first 32 GiB of a directory; behind them are its hash tables.
  private static let namesEnd: UInt64 = 1 << 35
  /// A directory with more blocks than this that are none of its own is damaged.
  private static let mostStrangers = 256

  /// Reads the directory of an inode that is in use, or was when it was last written.
  ///
  /// - Parameters:
  ///   - runs: where its blocks are, unless it is small enough for its inode.
  ///   - isNew: whether a block was not read before: two directories never share one.
  init(
    _ runs: [BlockRun], in volume: XFSVolume, owner: UInt64, isNew: (ByteOffset) -> Bool
  ) {
    let perBlock = volume.superblock.directoryBlockSize / volume.geometry.blockSize
    let file = volume.source.joined(volume.extents(runs, size: nil))
    var position: UInt64 = 0
    var strangers = 0
    for run in runs {
      // The file that the runs make has no holes: what lies before a run is the runs before it.
      let (size, overflow) = run.logical.multipliedReportingOverflow(by: volume.geometry.blockSize)
      guard !overflow, size < Self.namesEnd, !run.isUnwritten else { break }
      var block = (run.logical + perBlock - 1) / perBlock * perBlock
      while block < run.end {
        defer { block += perBlock }
        guard strangers < Self.mostStrangers else { return }
        let inRun = block - run.logical
        let place = (position + inRun) * volume.geometry.blockSize
        guard
          let start = volume.geometry.range(ofBlock: run.physical + inRun, count: 1)?.lowerBound,
          isNew(start),
          let bytes = try? file.read(
            at: ByteOffset(place), count: ByteCount(volume.superblock.directoryBlockSize)),
          let parsed = DirectoryBlock(bytes, superblock: volume.superblock),
          parsed.owner.map({ $0 == owner }) ?? true
        else {
          strangers += 1
          continue
        }
        blocks.append(start)
        entries += parsed.entries
        leftovers += parsed.leftovers
        parent = parent ?? parsed.parent
      }
      position += run.count
    }
  }

  init(_ short: ShortDirectory) {
    entries = short.entries
    leftovers = short.leftovers
    parent = short.parent
  }
}

extension XFSVolume {
  /// The directory of a folder that is in use; nil where its map is broken.
  func directory(of inode: Inode, _ number: UInt64, isNew: (ByteOffset) -> Bool) -> Directory? {
    if inode.format == .local { return shortDirectory(inode.fork).map(Directory.init) }
    guard let runs = BlockMap(volume: self, owner: number).runs(of: inode) else { return nil }
    return Directory(runs, in: self, owner: number, isNew: isNew)
  }

  /// A directory within an inode, in use or freed.
  func shortDirectory(_ fork: [UInt8]) -> ShortDirectory? {
    ShortDirectory(fork, hasTypes: superblock.hasFileTypes) { geometry.range(ofInode: $0) != nil }
  }
}
