// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The search for ext file systems that are no longer in force.
struct LostVolumes {
  private let source: Source
  private let present: [PresentVolume]
  /// Where the source begins on the medium.
  private let start: ByteOffset
  private(set) var found: [LostVolume] = []
  /// What the volumes found so far have in use: a superblock in there is a file's, or a journal's.
  private var inUse: RangeSet<ByteOffset> = RangeSet()

  /// A superblock, and where the volume starts of which it is one.
  private struct Candidate {
    let superblock: Superblock
    let start: UInt64
    /// Where it stands, on the medium.
    let place: ByteOffset
    /// How many of the same volume stand elsewhere.
    var copies = 1
  }

  /// So many starts are looked into: a disk may be full of superblocks.
  private static let mostCandidates = 64
  /// So many landmarks are read.
  private static let mostLandmarks = 0x1_0000
  /// Generations below one volume.
  private static let mostGenerations = 4

  init(in source: Source, beside present: [PresentVolume]) {
    self.source = source
    self.present = present
    start = (try? source.onMedium(0..<1))?.first?.range?.lowerBound ?? 0
  }

  /// Opens what stands at likely places, by its primary superblock or the one in its second group.
  mutating func lookAtLikelyPlaces() {
    var places = LikelyPlaces(in: source, beside: present)
    while let place = places.next() {
      let before = found.count
      for candidate in candidates(at: place) where found.count == before { consider(candidate) }
      if found.count > before, let last = found.last { places.found(last.range) }
    }
  }

  private func candidates(at place: ByteOffset) -> [Candidate] {
    let second = ([4096, 1024, 2048, 0x1_0000] as [UInt64]).map {
      ($0 * ($0 * 8 + ($0 == 1024 ? 1 : 0)), 1)
    }
    return ([(Superblock.offset.rawValue, 0)] + second).compactMap { distance, group in
      let offset = place.advancedClamped(by: ByteCount(distance))
      guard let superblock = try? ExtVolume.superblock(in: source, at: offset),
        superblock.group == group, superblock.distance == distance
      else { return nil }
      return candidate(superblock, at: offset)
    }
  }

  /// Follows the superblocks that the pass met.
  mutating func follow(_ landmarks: [Landmark]) {
    for volume in present { inUse.formUnion(volume.volume.allocation().allocated) }
    var candidates: [UInt64: Candidate] = [:]
    let superblocks = landmarks.lazy.filter { $0.kind == .extSuperblock }
    for landmark in superblocks.prefix(Self.mostLandmarks) where landmark.offset >= start {
      let offset = ByteOffset((start..<landmark.offset).length)
      guard let superblock = try? ExtVolume.superblock(in: source, at: offset),
        var new = candidate(superblock, at: offset)
      else { continue }
      if let old = candidates[new.start] {
        new.copies += old.copies
        // The first one met is the primary, or the copy of the lowest group.
        candidates[new.start] = Candidate(
          superblock: old.superblock, start: old.start, place: old.place, copies: new.copies)
      } else {
        candidates[new.start] = new
      }
    }
    let likeliest = candidates.values.sorted { ($1.copies, $0.start) < ($0.copies, $1.start) }
      .prefix(Self.mostCandidates)
    for candidate in likeliest.sorted(by: { $0.start < $1.start }) { consider(candidate) }
  }

  private func candidate(_ superblock: Superblock, at offset: ByteOffset) -> Candidate? {
    guard let distance = superblock.distance, superblock.checksumHolds,
      offset.rawValue >= distance
    else { return nil }
    let place = offset.rawValue - distance
    return Candidate(
      superblock: superblock, start: place,
      place: start.advancedClamped(by: ByteCount(offset.rawValue)))
  }

  /// Opens a candidate, and keeps it if enough of what it says is there.
  private mutating func consider(_ candidate: Candidate) {
    let superblock = candidate.superblock
    let size = superblock.blockCount * superblock.blockSize
    let end = candidate.start.addingReportingOverflow(size)
    let range =
      ByteOffset(
        candidate.start)..<(end.overflow
      ? source.range.upperBound : min(ByteOffset(end.partialValue), source.range.upperBound))
    let place =
      start.advancedClamped(
        by: ByteCount(candidate.start))..<start.advancedClamped(
        by: ByteCount(range.upperBound.rawValue))
    let over = present.filter { $0.range.overlaps(place) }
    let isInForce = over.contains {
      $0.range.lowerBound == place.lowerBound
        && ($0.volume as? ExtVolume)?.seals(like: superblock) == true
    }
    guard !isInForce, !found.contains(where: { $0.range.lowerBound == range.lowerBound }),
      over.contains(where: { $0.range.lowerBound == place.lowerBound })
        || !inUse.contains(candidate.place),
      let part = try? source.slice(range),
      let volume = try? ExtVolume(superblock, part, isFromBackup: superblock.group != 0)
    else { return }
    let agreement = Agreement(with: volume)
    guard agreement.isConvincing else { return }
    let isWhole = volume.hasRoot && over.isEmpty
    let lost: any Volume =
      isWhole
      ? volume
      : FormerVolume(past: volume.former(seed: volume.seed), overlying: over, sharesTables: false)
    found.append(
      LostVolume(
        range: range, volume: lost, consistent: agreement.consistent, examined: agreement.examined))
    inUse.formUnion(volume.allocation().allocated)
  }

  /// Looks for what was there before the ext volumes in force, in their own tables.
  mutating func lookBelowPresent(isSample: Bool) {
    for slice in present {
      guard let volume = slice.volume as? ExtVolume, slice.range.lowerBound >= start,
        slice.range.upperBound.rawValue - start.rawValue <= source.length.rawValue
      else { continue }
      let range =
        ByteOffset(
          (start..<slice.range.lowerBound).length)..<ByteOffset(
          (start..<slice.range.upperBound).length)
      let seeds = FormerSeeds(volume, isSample: isSample)
      var generations: [(seed: UInt32?, count: Int)] = seeds.seeds.map { ($0.seed, $0.count) }
      if seeds.hasUnsealed { generations.append((nil, seeds.unsealed)) }
      for generation in generations.prefix(Self.mostGenerations) {
        let former = FormerVolume(
          past: volume.former(seed: generation.seed), overlying: [slice], sharesTables: true)
        found.append(
          LostVolume(
            range: range, volume: former, consistent: generation.count, examined: seeds.examined))
      }
    }
  }
}

extension Superblock {
  /// How far behind the volume's start this copy stands, in bytes.
  /// Nil for a group that the volume has not.
  var distance: UInt64? {
    guard UInt64(group) < groupCount else { return nil }
    return group == 0 ? Self.offset.rawValue : superblockBlock(of: UInt64(group)) * blockSize
  }
}

extension ExtVolume {
  /// Whether a superblock is a copy of this volume's own.
  fileprivate func seals(like other: Superblock) -> Bool {
    superblock.uuid == other.uuid && superblock.blockSize == other.blockSize
  }
}
