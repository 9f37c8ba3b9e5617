// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// An ext2, ext3 or ext4 file system. One reader serves what is live and what is past, because the
/// past is the same structures in journal copies and freed blocks.
package struct ExtVolume: Volume {
  let layout: Layout
  /// The volume as a mount would see it: through the committed transactions of its journal.
  let source: Source
  /// The volume as it lies there: deleted files were written here.
  let unpatched: Source
  private var keptJournal: KeptJournal
  var journal: Journal? { keptJournal.journal }
  /// What metadata checksums start from; nil without such checksums.
  private(set) var seed: UInt32?
  package let remarks: [String]
  /// Opened by a backup of the superblock: its descriptors are as old as the file system, and what
  /// they say was never used may have been since.
  let isFromBackup: Bool

  package var kind: String { layout.superblock.kind }
  package var label: String { layout.superblock.label }
  package var clusterSize: ByteCount { ByteCount(layout.superblock.clusterSize) }

  /// Opens the file system that a source holds; nil where there is none.
  ///
  /// Throws `Malformed` for one too damaged to be read, and `ReadError`.
  package static func open(_ source: Source) throws -> ExtVolume? {
    var problem: (any Error)?
    do {
      if let primary = try superblock(in: source, at: Superblock.offset), primary.group == 0,
        primary.checksumHolds
      {
        return try ExtVolume(primary, source, isFromBackup: false)
      }
    } catch {
      problem = error
    }
    // A boot sector says that somebody else's file system came later.
    if (try? source.read(at: 510, count: 2)) == [0x55, 0xAA] { return nil }
    for size in [4096, 1024, 2048, 0x1_0000] as [UInt64] {
      let start = size * (size * 8 + (size == 1024 ? 1 : 0))
      guard let backup = try? superblock(in: source, at: ByteOffset(start)),
        backup.blockSize == size, backup.group == 1, backup.checksumHolds,
        backup.blockCount <= source.length.rawValue / size + 1
      else { continue }
      if let volume = try? ExtVolume(backup, source, isFromBackup: true),
        volume.inode(2)?.kind == .folder
      {
        return volume
      }
    }
    if let weak = try? superblock(in: source, at: Superblock.offset), weak.group == 0 {
      return try ExtVolume(weak, source, isFromBackup: true)
    }
    if let problem { throw problem }
    return nil
  }

  static func superblock(in source: Source, at offset: ByteOffset) throws -> Superblock? {
    guard let range = try? Range(at: offset, count: 1024),
      range.upperBound <= source.range.upperBound
    else { return nil }
    return try Superblock(source.read(at: offset, count: 1024))
  }

  /// - Parameter superblock: one that stands in `source`, primary or backup.
  init(_ superblock: Superblock, _ source: Source, isFromBackup: Bool) throws {
    self.isFromBackup = isFromBackup
    seed =
      superblock.readOnlyCompatible.contains(.metadataChecksums) ? superblock.seed : nil
    unpatched = source
    var remarks: [String] = []
    let layout = try Layout(superblock, in: source)
    let log = Self.journalSource(layout, source)
    let isJournal = log.map { Journal.begins($0, blockSize: superblock.blockSize) } ?? false
    keptJournal = KeptJournal(isJournal ? log : nil, blockSize: superblock.blockSize)
    if isFromBackup { remarks.append("opened by a backup superblock") }
    if superblock.compatible.contains(.hasJournal), superblock.journalInode == 0 {
      remarks.append("the journal is on another device: not read")
    } else if superblock.compatible.contains(.hasJournal), !isJournal {
      remarks.append("the journal cannot be read")
    }
    if superblock.incompatible.contains(.needsRecovery), let log,
      let journal = keptJournal.journal
    {
      remarks.append("not unmounted: read through \(journal.pending.count) journal blocks")
      let patched = try Self.patched(source, journal, log, layout)
      self.source = patched
      self.layout = try Self.layout(superblock, in: patched) ?? layout
    } else {
      self.source = source
      self.layout = layout
    }
    if superblock.incompatible.contains(.encryption) {
      remarks.append("holds encrypted files, whose contents stay unreadable")
    }
    if superblock.blockCount > source.length.rawValue / superblock.blockSize {
      remarks.append("the source ends before the file system does")
    }
    if let library = LibraryGeometry(layout, in: source), library != LibraryGeometry(layout) {
      remarks.append("libext2fs reads the geometry differently: the superblock may be damaged")
    }
    self.remarks = remarks
  }

  /// The layout as the replayed journal has it.
  private static func layout(_ old: Superblock, in source: Source) throws -> Layout? {
    let superblock = try superblock(in: source, at: Superblock.offset) ?? old
    return try? Layout(superblock, in: source)
  }

  /// The blocks of the journal's inode, as a source.
  private static func journalSource(_ layout: Layout, _ source: Source) -> Source? {
    let superblock = layout.superblock
    guard superblock.compatible.contains(.hasJournal), superblock.journalInode != 0,
      let offset = layout.offset(ofInode: superblock.journalInode),
      let record = try? source.read(at: offset, count: ByteCount(clamping: superblock.inodeSize)),
      let inode = Inode(record),
      let runs = BlockMap(
        layout: layout,
        versions: { block in
          (try? source.withBytes(in: layout.range(of: block..<block + 1)) {
            [try $0.copy(at: 0, count: $0.byteCount)]
          }) ?? []
        }
      ).runs(of: inode)
    else { return nil }
    var extents: [Extent] = []
    for run in runs {
      guard
        let part = try? source.onMedium(layout.range(of: run.physical..<run.physical + run.count))
      else { return nil }
      extents += part
    }
    return source.joined(extents, name: "journal")
  }

  private static func patched(
    _ source: Source, _ journal: Journal, _ log: Source, _ layout: Layout
  ) throws -> Source {
    var patches: [(start: ByteOffset, extent: Extent)] = []
    for (block, copy) in journal.pending.sorted(by: { $0.key < $1.key }) {
      let range = layout.range(of: block..<block + 1)
      guard range.length.rawValue == layout.blockSize, range.upperBound <= source.range.upperBound
      else { continue }
      if copy.isEscaped {
        patches.append((range.lowerBound, Extent(bytes: try journal.contents(of: copy))))
      } else if let place = try log.onMedium(journal.range(of: copy)).first,
        place.count.rawValue == layout.blockSize
      {
        patches.append((range.lowerBound, place))
      }
    }
    return try source.patched(patches)
  }
}

extension ExtVolume {
  var superblock: Superblock { layout.superblock }
  var hasFileTypes: Bool { superblock.incompatible.contains(.fileType) }
  var hasChecksums: Bool { seed != nil }

  /// The seal of the metadata of one life of an inode; nil without checksums.
  func seal(_ number: UInt32, _ generation: UInt32) -> UInt32? {
    seed.map { ExtChecksum.seed($0, inode: number, generation: generation) }
  }

  /// A file system of the same layout that was here before: no journal tells of it, and its checksums
  /// start from another seed.
  func former(seed: UInt32?) -> Self {
    var former = self
    former.seed = seed
    former.keptJournal = KeptJournal(nil, blockSize: layout.superblock.blockSize)
    return former
  }

  /// Whether the volume in force never gave out an inode of this number.
  func neverUsed(_ number: UInt32) -> Bool {
    guard number > 0, !isFromBackup else { return false }
    let (group, index) = (number - 1).quotientAndRemainder(dividingBy: superblock.inodesPerGroup)
    guard Int(group) < layout.groups.count, layout.groups[Int(group)].checksumHolds else {
      return false
    }
    let unused = min(layout.groups[Int(group)].unusedInodes, superblock.inodesPerGroup)
    return index >= superblock.inodesPerGroup - unused
  }

  /// Whether an inode's record was written by another file system, as its checksum tells.
  func isForeign(_ inode: Inode, _ number: UInt32) -> Bool {
    guard let seed, let other = inode.volumeSeed(number) else { return false }
    return other != seed
  }

  /// An inode as it stands on the disk; nil where it cannot be read.
  func inode(_ number: UInt32) -> Inode? {
    guard let offset = layout.offset(ofInode: number),
      let bytes = try? source.read(at: offset, count: ByteCount(clamping: superblock.inodeSize))
    else { return nil }
    return Inode(bytes)
  }

  /// Whether the medium does not deliver an inode.
  func isUnread(_ number: UInt32) -> Bool {
    guard let offset = layout.offset(ofInode: number) else { return false }
    do {
      _ = try source.read(at: offset, count: ByteCount(clamping: superblock.inodeSize))
      return false
    } catch {
      return error is ReadError
    }
  }

  /// A block as it stands on the disk; nil where it cannot be read.
  func block(_ number: UInt64) -> [UInt8]? {
    guard layout.isBlock(number) else { return nil }
    return try? source.read(
      at: ByteOffset(number * layout.blockSize), count: ByteCount(layout.blockSize))
  }

  /// The blocks of a file that is present.
  func liveRuns(of inode: Inode) -> [BlockRun]? {
    BlockMap(layout: layout) { number in block(number).map { [$0] } ?? [] }.runs(of: inode)
  }

  /// The number of the block that holds a place on the medium; nil outside the volume.
  func blockNumber(at offset: ByteOffset) -> UInt64? {
    guard let start = (try? source.onMedium(0..<1))?.first?.range?.lowerBound, offset >= start
    else { return nil }
    let number = (start..<offset).length.rawValue / layout.blockSize
    return layout.isBlock(number) ? number : nil
  }

  /// Blocks as ranges of the medium.
  func onMedium(_ blocks: [Range<UInt64>]) -> [Range<ByteOffset>] {
    blocks.flatMap { part -> [Range<ByteOffset>] in
      let range = layout.range(of: part)
      let there = range.clamped(to: unpatched.range)
      return (try? unpatched.onMedium(there))?.mediumRanges ?? []
    }
  }
}
