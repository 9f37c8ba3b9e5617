// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// Volumes that the superblocks of their groups still tell, though no table lists them or another volume
/// was made over them.
struct LostSuperblocks {
  private struct Candidate: Hashable {
    let start: ByteOffset
    let uuid: [UInt8]
  }

  private let source: Source
  private let present: [PresentVolume]
  /// Where the source starts on the medium.
  private let base: ByteOffset
  private var copies: [Candidate: [UInt64: Superblock]] = [:]

  private static let mostVolumes = 64

  /// - Parameter landmarks: none before a pass: then a few likely places are looked at.
  init(_ source: Source, _ landmarks: [Landmark], _ present: [PresentVolume]) {
    self.source = source
    self.present = present
    base =
      (try? source.onMedium(0..<min(1, ByteOffset(source.length))))?.first?.range?.lowerBound ?? 0
    let met = landmarks.filter { $0.kind == .xfsSuperblock }.map(\.offset)
    for place in met.isEmpty ? likelyPlaces : met {
      guard place >= base else { continue }
      add(ByteOffset((base..<place).length))
    }
  }

  /// Where partitions start: behind 1 MiB, behind a track of 63 sectors, behind another volume.
  private var likelyPlaces: [ByteOffset] {
    let first: [ByteOffset] = ([0x10_0000, 32_256] as [ByteCount]).map {
      base.advancedClamped(by: $0)
    }
    let behind = present.map(\.range.upperBound).flatMap { end -> [ByteOffset] in
      let rounded = end.rawValue / 0x10_0000 + 1
      return [end, ByteOffset(rounded &* 0x10_0000)]
    }
    return first + behind
  }

  /// Takes the superblock at a place in the source, if its group's header tells which group it is of.
  private mutating func add(_ place: ByteOffset) {
    guard let superblock = try? XFSVolume.superblock(in: source, at: place),
      superblock.checksumHolds, let headerPlace = try? place + ByteCount(superblock.sectorSize),
      let bytes = try? source.read(at: headerPlace, count: ByteCount(superblock.sectorSize)),
      let header = GroupHeader(bytes), header.group < superblock.groupCount,
      !superblock.hasChecksums || header.uuid == superblock.uuid,
      // Within the volume, whose length fits 62 bits.
      let distance = try? ByteCount(place.rawValue)
        - ByteCount(header.group * superblock.groupBlocks * superblock.blockSize)
    else { return }
    let candidate = Candidate(start: ByteOffset(distance), uuid: superblock.uuid)
    guard copies.count < Self.mostVolumes || copies[candidate] != nil else { return }
    copies[candidate, default: [:]][header.group] = superblock
  }

  func volumes() -> [LostVolume] {
    var inUse: [Int: RangeSet<ByteOffset>] = [:]
    return copies.sorted { ($0.key.start, $0.key.uuid) < ($1.key.start, $1.key.uuid) }
      .compactMap { candidate, groups in volume(candidate, groups, &inUse) }
  }

  private func volume(
    _ candidate: Candidate, _ groups: [UInt64: Superblock],
    _ inUse: inout [Int: RangeSet<ByteOffset>]
  ) -> LostVolume? {
    guard let first = groups.min(by: { $0.key < $1.key }) else { return nil }
    let superblock = first.value
    let start = base.advancedClamped(by: ByteCount(candidate.start.rawValue))
    let length = min(
      superblock.byteCount, source.length.subtractingClamped(ByteCount(candidate.start.rawValue)))
    let end = candidate.start.advancedClamped(by: length)
    let overlying = present.indices.filter {
      present[$0].range.overlaps(start..<start.advancedClamped(by: length))
    }
    let isKnown = overlying.contains {
      present[$0].range.lowerBound == start
        && (present[$0].volume as? XFSVolume)?.superblock.uuid == candidate.uuid
    }
    guard !isKnown, let part = try? source.slice(candidate.start..<end) else { return nil }
    // An image of a disk that a volume in force keeps as a file is none of ours.
    let places = groups.keys.map { group in
      start.advancedClamped(by: ByteCount(group * superblock.groupBlocks * superblock.blockSize))
    }
    for index in overlying {
      let allocated = inUse[index] ?? present[index].volume.allocation().allocated
      inUse[index] = allocated
      let within = places.filter { present[index].range.contains($0) }
      guard within.isEmpty || within.contains(where: { !allocated.contains($0) }) else {
        return nil
      }
    }
    let isWhole = overlying.isEmpty && groups[0] != nil
    return LostVolume(
      range: candidate.start..<end,
      volume: XFSVolume(superblock, in: part, isInForce: isWhole),
      consistent: groups.count, examined: Int(clamping: superblock.groupCount))
  }
}

private func < (left: (ByteOffset, [UInt8]), right: (ByteOffset, [UInt8])) -> Bool {
  left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0 < right.0
}

func < (left: (Int, [UInt8]), right: (Int, [UInt8])) -> Bool {
  left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0 < right.0
}
