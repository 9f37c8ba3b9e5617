// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The search for Btrfs file systems that are no longer in force.
struct LostVolumes {
  private let source: Source
  private let present: [PresentVolume]
  /// Where the source begins on the medium.
  private let start: ByteOffset
  private(set) var found: [LostVolume] = []

  /// So many superblocks are looked into: a disk may be full of them.
  private static let mostCandidates = 256

  init(in source: Source, beside present: [PresentVolume]) {
    self.source = source
    self.present = present
    start = (try? source.onMedium(0..<1))?.first?.range?.lowerBound ?? 0
  }

  /// Opens what stands at likely places.
  mutating func lookAtLikelyPlaces() {
    var places = LikelyPlaces(in: source, beside: present)
    while let place = places.next() {
      if let lost = volume(at: place) {
        found.append(lost)
        places.found(lost.range)
      }
    }
  }

  /// Opens what superblocks that the pass met are of: each knows how far from the start it stands.
  mutating func follow(_ landmarks: [Landmark]) {
    var tried: Set<ByteOffset> = []
    for landmark in landmarks where landmark.kind == .btrfsSuperblock && landmark.offset >= start {
      let place = ByteOffset((start..<landmark.offset).length)
      guard tried.count < Self.mostCandidates,
        let bytes = try? source.read(at: place, count: Superblock.size),
        let superblock = try? Superblock(bytes), superblock.place <= place
      else { continue }
      let first = ByteOffset((superblock.place..<place).length)
      guard tried.insert(first).inserted, !found.contains(where: { $0.range.contains(first) })
      else {
        continue
      }
      if let lost = volume(at: first) { found.append(lost) }
    }
  }

  /// The volume that starts at a place, unless it is in force, or lies in another that is.
  private func volume(at place: ByteOffset) -> LostVolume? {
    guard place < source.range.upperBound,
      let all = try? source.slice(place..<source.range.upperBound),
      let (superblock, copy) = try? BtrfsVolume.superblock(in: all)
    else { return nil }
    let length = min(superblock.deviceLength, all.length)
    let range = place..<place.advancedClamped(by: length)
    let onMedium = start.advancedClamped(by: ByteCount(range.lowerBound.rawValue))
    for volume in present where volume.range.contains(onMedium) {
      guard volume.range.lowerBound == onMedium,
        (volume.volume as? BtrfsVolume)?.superblock.id != superblock.id
      else { return nil }
    }
    let isOverlaid = present.contains {
      $0.range.overlaps(onMedium..<onMedium.advancedClamped(by: length))
    }
    guard length > 0, let part = try? source.slice(range),
      let volume = try? BtrfsVolume(
        superblock, part, isPrimary: copy == Superblock.places[0], isOverlaid: isOverlaid)
    else { return nil }
    let support = volume.support()
    return LostVolume(
      range: range, volume: volume, consistent: support.consistent, examined: support.examined)
  }

  /// Looks below every Btrfs in force for nodes of one that was there before.
  mutating func lookBelowPresent() {
    for below in present {
      guard let volume = below.volume as? BtrfsVolume, below.range.lowerBound >= start else {
        continue
      }
      let from = ByteOffset((start..<below.range.lowerBound).length)
      let range = from..<from.advancedClamped(by: below.range.length)
      guard range.upperBound <= source.range.upperBound else { continue }
      for earlier in EarlierNodes(volume).volumes() {
        let support = earlier.support()
        found.append(
          LostVolume(
            range: range, volume: earlier, consistent: support.consistent,
            examined: support.examined))
      }
    }
  }
}

extension BtrfsVolume {
  /// How many of the trees that the root tree names begin with a sound node, of how many.
  func support() -> (consistent: Int, examined: Int) {
    let reader = NodeReader(superblock, disk)
    var result = (consistent: 1, examined: 1)
    Tree(rootTree, reader).items(Key.all) { key, data in
      if key.kind == ItemKind.root, let item = try? RootItem(data), item.isInUse {
        result.examined += 1
        if reader.node(item.root) != nil { result.consistent += 1 }
      }
      return result.examined < 10_000
    }
    return result
  }
}
