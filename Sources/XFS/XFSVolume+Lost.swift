// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension XFSVolume {
  /// Volumes that are no longer in force: told by superblocks that no volume in force owns, or by inodes
  /// in a volume in force that bear another's stamp.
  package static func lost(
    in source: Source, landmarks: [Landmark], present: [PresentVolume]
  ) -> [LostVolume] {
    let unlisted = LostSuperblocks(source, landmarks, present).volumes()
    let known = Set(unlisted.compactMap { ($0.volume as? XFSVolume)?.superblock.uuid })
    let formattedOver = present.flatMap { place -> [LostVolume] in
      guard let volume = place.volume as? XFSVolume else { return [] }
      let within = landmarks.filter { place.range.contains($0.offset) }
      return volume.superblock.hasChecksums
        ? volume.earlierStamped(place.range, within, besides: known)
        : volume.earlierUnstamped(place.range, within).map { [$0] } ?? []
    }
    return unlisted + formattedOver
  }

  /// Fewer structures than this prove no volume.
  private static let fewest = 3
  private static let mostGenerations = 16

  /// Earlier volumes of the same geometry: making a volume anew destroys the first inodes alone, and the
  /// others bear the UUID of their own.
  private func earlierStamped(
    _ range: Range<ByteOffset>, _ landmarks: [Landmark], besides known: Set<[UInt8]>
  ) -> [LostVolume] {
    var counts: [[UInt8]: (consistent: Int, examined: Int)] = [:]
    for landmark in landmarks where landmark.kind == .xfsInode {
      guard let offset = offset(ofMedium: landmark.offset),
        let bytes = try? source.readPrefix(at: offset, count: 0xB0),
        let inode = Inode(bytes), let uuid = inode.uuid, uuid != superblock.uuid,
        !known.contains(uuid)
      else { continue }
      var count = counts[uuid] ?? (0, 0)
      count.examined += 1
      if inode.number == geometry.inode(at: offset) { count.consistent += 1 }
      counts[uuid] = count
    }
    let generations = counts.filter {
      $0.value.consistent >= Self.fewest && $0.value.consistent * 2 >= $0.value.examined
    }
    return generations.sorted {
      ($1.value.consistent, $0.key) < ($0.value.consistent, $1.key)
    }.prefix(Self.mostGenerations).map { uuid, count in
      LostVolume(
        range: range,
        volume: XFSVolume(superblock.stamped(uuid), in: source, isInForce: false),
        consistent: count.consistent, examined: count.examined)
    }
  }

  /// An earlier volume of the same geometry whose inodes bear no stamp: those in use where the volume in
  /// force has nothing.
  private func earlierUnstamped(
    _ range: Range<ByteOffset>, _ landmarks: [Landmark]
  ) -> LostVolume? {
    let allocation = allocation()
    let space = allocation.unallocated
    let places = landmarks.filter { $0.kind == .xfsInode && space.contains($0.offset) }
    let found = places.filter { landmark in
      guard let offset = offset(ofMedium: landmark.offset),
        let bytes = try? source.readPrefix(at: offset, count: 0x64), let inode = Inode(bytes)
      else { return false }
      return inode.version < 3 && inode.isInUse && geometry.inode(at: offset) != nil
    }
    guard found.count >= Self.fewest else { return nil }
    return LostVolume(
      range: range,
      volume: XFSVolume(superblock, in: source, isInForce: false, space: space),
      consistent: found.count, examined: places.count)
  }
}
