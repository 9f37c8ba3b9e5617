// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// A Btrfs file system, as far as it lies on one device. Nothing is written in place: old trees stay
/// readable until their blocks are used again, and the past is read like the present.
package struct BtrfsVolume: Volume {
  let superblock: Superblock
  /// With the chunks of the present.
  let disk: AddressSpace
  /// The newest root tree that can be read.
  let rootTree: TreeRoot
  /// Another file system is in force here: everything is checked, since it may be overwritten.
  let isOverlaid: Bool
  package let remarks: [String]

  package var kind: String { "Btrfs" }
  package var label: String { superblock.label }
  package var clusterSize: ByteCount { superblock.sectorSize }

  /// Opens the file system that a source holds; nil where there is none.
  ///
  /// Throws `Malformed` for one too damaged to be read, `Unsupported`, and `ReadError`.
  package static func open(_ source: Source) throws -> BtrfsVolume? {
    guard let (superblock, place) = try superblock(in: source) else { return nil }
    // Making a Btrfs wipes what stood there before: what stands there now came later.
    if isTaken(source) { return nil }
    return try BtrfsVolume(superblock, source, isPrimary: place == Superblock.places[0])
  }

  /// The primary superblock, else the newest mirror, and where it stands.
  static func superblock(in source: Source) throws -> (Superblock, ByteOffset)? {
    var found: [(Superblock, ByteOffset)] = []
    var problem: (any Error)?
    for place in Superblock.places {
      guard let range = try? Range(at: place, count: Superblock.size),
        range.upperBound <= source.range.upperBound
      else { break }
      do {
        if let superblock = try Superblock(source.read(at: place, count: Superblock.size)),
          superblock.place == place
        {
          if place == Superblock.places[0] { return (superblock, place) }
          found.append((superblock, place))
        }
      } catch {
        problem = error
      }
    }
    if let best = found.max(by: { $0.0.generation < $1.0.generation }) { return best }
    if let problem { throw problem }
    return nil
  }

  /// Whether the first 64 KiB hold the marks of another file system.
  private static func isTaken(_ source: Source) -> Bool {
    guard let head = try? source.read(at: 0, count: 2048) else { return false }
    return head.holds([0x53, 0xEF], at: 1080) || head.holds([0x55, 0xAA], at: 510)
      || head.holds(Array("XFSB".utf8), at: 0)
  }

  /// What is left of a file system whose superblocks are gone.
  init(_ superblock: Superblock, _ disk: AddressSpace, rootTree: TreeRoot) {
    self.superblock = superblock
    self.disk = disk
    self.rootTree = rootTree
    isOverlaid = true
    remarks = ["opened by its nodes: its superblocks are gone"]
  }

  /// - Parameters:
  ///   - isPrimary: whether the superblock is no mirror.
  ///   - isOverlaid: whether another file system is in force here.
  init(
    _ superblock: Superblock, _ source: Source, isPrimary: Bool, isOverlaid: Bool = false
  ) throws {
    self.superblock = superblock
    self.isOverlaid = isOverlaid
    var remarks: [String] = []
    if !superblock.features.isDisjoint(with: [.zoned, .extentTree2, .stripeTree]) {
      throw Unsupported("a Btrfs of zones, of several extent trees, or of a tree of stripes")
    }
    var disk = AddressSpace(source: source, chunks: ChunkMap(device: superblock.device))
    try Self.addSystemChunks(superblock, to: &disk)
    let isWhole = Self.addChunks(superblock, to: &disk)
    let past = NodeScan.systemChunks(superblock, disk)
    if !isWhole {
      remarks.append("the chunk tree cannot be read in full: completed by nodes of the past")
      disk.chunks.add(past)
    }
    self.disk = disk
    let reader = NodeReader(superblock, disk)
    let roots = [superblock.rootTree] + superblock.backups
    let readable =
      roots.first { reader.node($0) != nil } ?? NodeScan(superblock, disk).newestRootTree
    guard let readable else { throw Malformed("Btrfs", "no root tree can be read") }
    rootTree = readable
    if !isPrimary { remarks.append("opened by a mirror of the superblock") }
    if readable != superblock.rootTree {
      remarks.append(
        "the newest root tree cannot be read: opened by that of transaction \(readable.generation)")
    }
    if superblock.hasLog { remarks.append("not unmounted: the log of the last fsyncs is not read") }
    if !superblock.checksum.isHandled {
      remarks.append(
        "checksums of \(superblock.checksum.name) are not handled: nothing is verified")
    }
    if superblock.deviceCount > 1 {
      remarks.append(
        "one of \(superblock.deviceCount) devices: what lies on the others is lost")
    }
    if disk.chunks.chunks.contains(where: { !$0.kind.isDisjoint(with: .parity) }) {
      remarks.append("RAID 5 and 6 are not handled")
    }
    if superblock.deviceLength > source.length {
      remarks.append("the source ends before the file system does")
    }
    self.remarks = remarks
  }

  /// The chunks that hold the chunk tree, from the superblock itself.
  private static func addSystemChunks(_ superblock: Superblock, to disk: inout AddressSpace) throws
  {
    let bytes = superblock.systemChunks
    var at = 0
    while at + Key.size < bytes.count {
      let key = try Key(bytes, at: at)
      guard key.kind == ItemKind.chunk,
        let chunk = try? Chunk(bytes, at: at + Key.size, address: key.offset)
      else { break }
      disk.chunks.add([chunk])
      at += Key.size + Chunk.size(stripes: chunk.stripes.count)
    }
    if disk.chunks.chunks.isEmpty { throw Malformed("Btrfs superblock", "it has no system chunk") }
  }

  /// The chunks of the chunk tree; false where some of it cannot be read.
  private static func addChunks(_ superblock: Superblock, to disk: inout AddressSpace) -> Bool {
    let reader = NodeReader(superblock, disk)
    var found: [Chunk] = []
    let isWhole = Tree(superblock.chunkTree, reader).items(
      Key.all(of: ObjectNumber.first, ItemKind.chunk)
    ) {
      if let chunk = try? Chunk($1, address: $0.offset) { found.append(chunk) }
      return true
    }
    disk.chunks.add(found)
    return isWhole
  }
}
