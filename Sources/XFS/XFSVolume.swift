// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// An XFS file system, in force or formatted over: one reader serves both, because freeing an inode or a
/// directory block leaves most of it as it was.
package struct XFSVolume: Volume {
  let geometry: Geometry
  /// From the volume's first byte on; may be shorter than the volume.
  let source: Source
  /// Whether its trees and maps tell what is in use today. Of one that was formatted over, what is left
  /// is what its metadata, known by its UUID, still says.
  let isInForce: Bool
  /// Where on the medium its metadata may stand; nil: anywhere. What bears no stamp (version 4) is told
  /// from a later volume's by its place alone.
  let space: RangeSet<ByteOffset>?
  let nodeOwners = NodeOwners()
  package let remarks: [String]

  package var kind: String { "XFS" }
  package var label: String { superblock.label }
  package var clusterSize: ByteCount { ByteCount(geometry.blockSize) }

  var superblock: Superblock { geometry.superblock }

  init(
    _ superblock: Superblock, in source: Source, isInForce: Bool = true,
    space: RangeSet<ByteOffset>? = nil, remarks: [String] = []
  ) {
    self.space = space
    geometry = Geometry(superblock: superblock)
    self.source = source
    self.isInForce = isInForce
    self.remarks =
      remarks
      + (superblock.byteCount > source.length
        ? ["the source ends before the file system does"] : [])
  }

  /// Opens the file system that a source holds; nil where there is none.
  ///
  /// Throws `ReadError`.
  package static func open(_ source: Source) throws -> XFSVolume? {
    var problem: (any Error)?
    do {
      if let primary = try superblock(in: source, at: 0), !primary.isBeingMade,
        primary.checksumHolds
      {
        let volume = XFSVolume(primary, in: source)
        return Log.mayBeUnfinished(in: volume)
          ? XFSVolume(primary, in: source, remarks: [unfinished]) : volume
      }
    } catch {
      problem = error
    }
    if let copy = secondary(in: source) {
      return XFSVolume(copy, in: source, remarks: ["opened by the superblock of another group"])
    }
    if let weak = try? superblock(in: source, at: 0), !weak.isBeingMade {
      return XFSVolume(weak, in: source, remarks: ["the superblock's checksum fails"])
    }
    if let problem { throw problem }
    return nil
  }

  private static let unfinished =
    "not unmounted: the log tells what was made and deleted last, but is not replayed"

  static func superblock(in source: Source, at offset: ByteOffset) throws -> Superblock? {
    try Superblock(source.readPrefix(at: offset, count: Superblock.longest))
  }

  /// The superblock of a later group, where the first one is damaged: the header behind it tells how
  /// long a group is.
  private static func secondary(in source: Source) -> Superblock? {
    guard let header = GroupHeader(of: source), header.group == 0 else { return nil }
    for group in 1...3 as ClosedRange<UInt64> {
      for shift in 9...16 as ClosedRange<UInt64> {
        let place = ByteOffset((header.blocks << shift) * group)
        guard let copy = try? superblock(in: source, at: place), copy.checksumHolds,
          copy.blockSize == 1 << shift, copy.groupBlocks == header.blocks
        else { continue }
        return copy
      }
    }
    return nil
  }
}

extension XFSVolume {
  /// A block by its number on the volume; nil where it cannot be read.
  func block(_ number: UInt64) -> [UInt8]? {
    guard let range = geometry.range(ofBlock: number, count: 1) else { return nil }
    return try? source.read(at: range.lowerBound, count: range.length)
  }

  /// An inode by its number; nil where it cannot be read or another one's stands.
  func inode(_ number: UInt64) -> Inode? {
    guard let range = geometry.range(ofInode: number),
      let bytes = try? source.read(at: range.lowerBound, count: range.length),
      let inode = Inode(bytes), isOurs(inode, number)
    else { return nil }
    return inode
  }

  /// Whether the medium does not deliver an inode.
  func isUnread(_ number: UInt64) -> Bool {
    guard let range = geometry.range(ofInode: number) else { return false }
    do {
      _ = try source.read(at: range.lowerBound, count: range.length)
      return false
    } catch {
      return error is ReadError
    }
  }

  /// Whether an inode carries the number of its place and the volume's stamp.
  func isOurs(_ inode: Inode, _ number: UInt64) -> Bool {
    superblock.hasChecksums
      ? inode.number == number && inode.uuid == superblock.uuid : inode.version < 3
  }

  /// Where the volume's bytes are on the medium, for those that are there.
  func onMedium(_ ranges: [Range<ByteOffset>]) -> [Range<ByteOffset>] {
    ranges.flatMap { range -> [Range<ByteOffset>] in
      (try? source.onMedium(range.clamped(to: source.range)))?.mediumRanges ?? []
    }
  }

  /// The place in the volume of a place on the medium; nil outside.
  func offset(ofMedium offset: ByteOffset) -> ByteOffset? {
    guard let start = (try? source.onMedium(0..<1))?.first?.range?.lowerBound, offset >= start
    else { return nil }
    let distance = (start..<offset).length
    return distance < source.length ? ByteOffset(distance) : nil
  }
}
