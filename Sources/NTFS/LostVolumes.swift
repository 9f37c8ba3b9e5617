// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The search for volumes that no table lists, by their boot sectors, and for those that were
/// formatted over, by the records that the new MFT did not reach.
struct LostVolumes {
  private let source: Source
  private let landmarks: [Landmark]
  private let present: [PresentVolume]
  /// Where the source starts on the medium.
  private let origin: ByteOffset
  private(set) var found: [LostVolume] = []
  /// Boot sectors of which no MFT is left.
  private var orphans: [(start: ByteOffset, boot: BootSector)] = []

  /// What is in use on each of `present` that was asked for.
  private var allocated: [Int: RangeSet<ByteOffset>] = [:]

  /// More volumes than this nobody had on a disk.
  private static let most = 64

  init(in source: Source, landmarks: [Landmark], present: [PresentVolume]) {
    self.source = source
    self.landmarks = landmarks
    self.present = present
    origin = (try? source.onMedium(0..<1))?.first?.range?.lowerBound ?? 0
  }

  /// Without a pass: the places where volumes start as a rule.
  mutating func lookAtLikelyPlaces() {
    var places = LikelyPlaces(in: source, beside: present)
    while let start = places.next() {
      guard found.count < Self.most, let range = add(bootSectorAt: start) else { continue }
      places.found(range)
    }
  }

  /// After a pass: every boot sector, then records that belong to no volume that is known.
  mutating func followLandmarks() {
    for landmark in landmarks where landmark.kind == .ntfsBootSector && landmark.offset >= origin {
      guard found.count < Self.most else { break }
      _ = add(bootSectorAt: ByteOffset((origin..<landmark.offset).length))
    }
    let known =
      present.compactMap { $0.volume as? NTFSVolume }
      + found.compactMap {
        $0.volume as? NTFSVolume
      }
    let strays = StrayRecords(
      in: source, landmarks: landmarks, origin: origin,
      excluding: RangeSet(unsorted: known.flatMap(\.records.tableRanges)))
    for generation in strays.generations(fallback: fallbacks) where found.count < Self.most {
      if let volume = volume(of: generation) { found.append(volume) }
    }
  }

  /// A volume whose boot sector, or the backup of it, lies at `place`.
  private mutating func add(bootSectorAt place: ByteOffset) -> Range<ByteOffset>? {
    guard let bytes = try? source.readPrefix(at: place, count: 512), let boot = BootSector(bytes)
    else { return nil }
    var starts = [place]
    if place >= ByteOffset(boot.length) {
      starts.append(ByteOffset(place.rawValue - boot.length.rawValue))
    }
    for start in starts {
      guard !isKnown(start), !isInUse(start) else { continue }
      let end = min(
        start.advancedClamped(by: boot.length.addingClamped(ByteCount(boot.sectorSize))),
        source.range.upperBound)
      guard let slice = try? source.slice(start..<end), !slice.range.isEmpty,
        let volume = try? NTFSVolume(boot, in: slice, remarks: []),
        volume.records.record(FileReference.rootNumber)?.isFolder == true
      else {
        if orphans.count < Self.most { orphans.append((start, boot)) }
        continue
      }
      found.append(LostVolume(range: start..<end, volume: volume, consistent: 1, examined: 1))
      return start..<end
    }
    return nil
  }

  private func isKnown(_ start: ByteOffset) -> Bool {
    let place = origin.advancedClamped(by: ByteCount(start.rawValue))
    return found.contains { $0.range.lowerBound == start }
      || present.contains { $0.range.lowerBound == place && $0.volume is NTFSVolume }
  }

  /// Whether a file in use lies there: an image of a disk is no lost volume.
  private mutating func isInUse(_ start: ByteOffset) -> Bool {
    let place = origin.advancedClamped(by: ByteCount(start.rawValue))
    for index in present.indices
    where present[index].range.contains(place) && present[index].range.lowerBound != place {
      let known = allocated[index] ?? present[index].volume.allocation().allocated
      allocated[index] = known
      if known.contains(place) { return true }
    }
    return false
  }

  /// Units that are likely where nothing votes: those of boot sectors without an MFT, then those of the
  /// volumes that are in force.
  private var fallbacks: [StrayRecords.Hypothesis] {
    orphans.map {
      .init(clusterSize: $0.boot.clusterSize, start: Int64(clamping: $0.start.rawValue))
    }
      + present.filter { $0.range.lowerBound >= origin }.map {
        .init(
          clusterSize: ($0.volume as? NTFSVolume)?.geometry.clusterSize ?? 4096,
          start: Int64(clamping: (origin..<$0.range.lowerBound).length.rawValue))
      }
  }

  private func volume(of generation: StrayRecords.Generation) -> LostVolume? {
    let start = ByteOffset(UInt64(clamping: generation.hypothesis.start))
    // What lies before the source.
    let missing = ByteCount(
      generation.hypothesis.start < 0 ? generation.hypothesis.start.magnitude : 0)
    guard start < source.range.upperBound else { return nil }
    var end = source.range.upperBound
    if let boot = orphans.first(where: { $0.start == start })?.boot {
      end = min(end, start.advancedClamped(by: boot.length))
    } else if let over = present.first(where: {
      $0.range.contains(origin.advancedClamped(by: ByteCount(start.rawValue)))
    }) {
      end = min(end, ByteOffset((origin..<over.range.upperBound).length))
    }
    guard start < end, let there = try? source.onMedium(start..<end) else { return nil }
    let whole = source.joined([Extent(.lost, count: missing)] + there)
    let clusterSize = generation.hypothesis.clusterSize
    let geometry = Geometry(
      clusterSize: clusterSize, clusterCount: whole.length.rawValue / clusterSize,
      recordSize: generation.recordSize)
    let places = generation.places.filter { start..<end ~= $0.offset }.map {
      (
        number: $0.number,
        offset: ByteOffset((start..<$0.offset).length.addingClamped(missing))
      )
    }
    var remarks = ["no longer in force: found by \(places.count) records of its MFT"]
    if missing > 0 {
      remarks.append("the source begins \(missing.rawValue) bytes behind its start")
    }
    let volume = NTFSVolume(
      source: whole, geometry: geometry,
      records: Records(in: whole, recordSize: generation.recordSize, places: places),
      isFormer: true, remarks: remarks)
    return LostVolume(
      range: start..<end, volume: volume, consistent: generation.consistent,
      examined: generation.examined)
  }
}
