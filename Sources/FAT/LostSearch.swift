// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The search for volumes that no table lists or that were formatted over: first by boot sectors and
/// their backups, then by what directories say of themselves.
struct LostSearch {
  let source: Source
  private let present: [PresentVolume]
  /// Where the pass met them in the source, in order.
  private let directories: [UInt64]
  private let tables: [UInt64]
  private let bootSectors: [UInt64]
  /// Where the source starts on the medium.
  private let first: UInt64
  /// What the volumes in force have in use; read when first asked for.
  private var inUse: Occupancy?
  private(set) var found: [LostVolume] = []
  private var layouts: [(boot: BootSector, start: UInt64)] = []

  /// So many volumes at most are deduced from directories: each is searched as a whole.
  private static let mostDeduced = 8
  private static let mostBootSectors = 4096
  /// So many directories of a volume are asked whether they agree with its boot sector.
  private static let mostAsked = 256

  init(_ source: Source, _ landmarks: [Landmark], _ present: [PresentVolume]) {
    self.source = source
    self.present = present
    let first = (try? source.onMedium(0..<1))?.first?.range?.lowerBound.rawValue ?? 0
    func places(of kind: Landmark.Kind) -> [UInt64] {
      landmarks.compactMap {
        $0.kind == kind && $0.offset.rawValue >= first ? $0.offset.rawValue &- first : nil
      }
    }
    self.first = first
    directories = Array(places(of: .fatDirectory).prefix(StrayDirectories.most))
    tables = places(of: .fatTable)
    bootSectors = Array(places(of: .fatBootSector).prefix(Self.mostBootSectors))
  }

  // MARK: Boot sectors

  mutating func followBootSectors() {
    var likely = LikelyPlaces(in: source, beside: present)
    while let place = likely.next() {
      if let range = look(at: place.rawValue) { likely.found(range) }
    }
    for place in bootSectors {
      // A backup lies six sectors behind the start.
      for sector in [512, 4096] as [UInt64] where place >= 6 * sector {
        if let bytes = try? source.read(at: ByteOffset(place), count: 512),
          let boot = try? BootSector(parsing: bytes), boot.kind == .fat32,
          boot.sectorSize == sector
        {
          _ = look(at: place &- 6 * sector)
        }
      }
      _ = look(at: place)
    }
  }

  private mutating func look(at start: UInt64) -> Range<ByteOffset>? {
    let place = ByteOffset(start)
    guard start < source.length.rawValue, !found.contains(where: { $0.range.contains(place) }),
      let part = try? source.slice(place..<source.range.upperBound),
      let boot = (try? FATVolume.open(part))??.boot, !isHidden(start),
      let range = range(from: start, end: start &+ boot.offset(of: boot.clusterEnd)),
      let whole = try? source.slice(range),
      let volume = try? FATVolume.open(whole, isFormer: isOverlaid(range))
    else { return nil }
    let signs = Self.signs(of: volume)
    let (own, all) = directories(of: volume.boot, start: start, range)
    guard signs.contains(true) || own > 0 else { return nil }
    add(volume, range, start: start, (signs.count { $0 } + own, signs.count + all))
    return range
  }

  /// Whether the tables start as they should, and the root looks like a directory.
  private static func signs(of volume: FATVolume) -> [Bool] {
    let boot = volume.boot
    var signs = boot.tables.map { table in
      (try? volume.source.read(at: ByteOffset(table), count: 3)) == [boot.media, 0xFF, 0xFF]
    }
    let isFixed = boot.kind != .fat32
    let start = isFixed ? boot.rootStart : boot.offset(of: boot.rootCluster)
    let count = ByteCount(min(isFixed ? boot.rootLength : boot.clusterSize, 0x1_0000))
    let root = (try? volume.source.read(at: ByteOffset(start), count: count)) ?? []
    signs.append(
      root.withSpan { DirectoryPage.isPlausible($0, at: 0, count: $0.byteCount, isRoot: true) })
    return signs
  }

  /// How many of the directories met in a volume agree with its boot sector.
  private func directories(
    of boot: BootSector, start: UInt64, _ range: Range<ByteOffset>
  ) -> (own: Int, all: Int) {
    let inside = directories.lazy.filter { range.contains(ByteOffset($0)) }.prefix(Self.mostAsked)
    let members = StrayDirectories(source, at: Array(inside)) { _ in false }.members
    return (members.count { Self.holds(boot, start, $0) }, members.count)
  }

  private static func holds(
    _ boot: BootSector, _ start: UInt64, _ member: StrayDirectories.Member
  ) -> Bool {
    guard member.place >= start, let cluster = boot.cluster(at: member.place &- start) else {
      return false
    }
    return cluster == (boot.kind == .fat32 ? member.own : member.own & 0xFFFF)
  }

  // MARK: Directories

  mutating func followDirectories() {
    let known =
      layouts
      + present.compactMap { present in
        guard let volume = present.volume as? FATVolume, present.range.lowerBound.rawValue >= first
        else { return nil }
        return (volume.boot, present.range.lowerBound.rawValue &- first)
      }
    var strays = StrayDirectories(source, at: directories) { member in
      known.contains { Self.holds($0.boot, $0.start, member) }
    }
    if !strays.members.isEmpty, !present.isEmpty {
      let occupied = occupied()
      strays.keep { occupied.overlaps(Self.byte(at: first &+ $0.place)).isEmpty }
    }
    let strayTables = StrayTables(source, at: tables)
    for _ in 0..<Self.mostDeduced {
      guard let (layout, count) = strays.mostLikely() else { return }
      let members = strays.remove(layout)
      let last = members.map(\.place).max() ?? layout.dataStart
      let end = max(end(of: layout.dataStart), last &+ layout.clusterSize)
      guard let boot = strayTables.volume(layout, members, end: end),
        count >= 2 || !boot.tables.isEmpty
      else { return }
      let start = boot.tables.min() ?? (boot.rootLength > 0 ? boot.rootStart : boot.dataStart)
      guard let range = range(from: start, end: boot.offset(of: boot.clusterEnd)),
        let whole = try? source.slice(range)
      else { continue }
      let volume = FATVolume(
        whole, boot.moved(back: start), isFormer: isOverlaid(range) || boot.tables.isEmpty,
        remark: "there is no boot sector: where it lies was deduced from its directories")
      let others = strays.members.count { range.contains(ByteOffset($0.place)) }
      add(volume, range, start: start, (members.count, members.count + others))
    }
  }

  /// Where a volume that has its data area there ends at the latest.
  private func end(of dataStart: UInt64) -> UInt64 {
    var end = source.length.rawValue
    for volume in present {
      let from = volume.range.lowerBound.rawValue &- min(first, volume.range.lowerBound.rawValue)
      let to = volume.range.upperBound.rawValue &- min(first, volume.range.upperBound.rawValue)
      if dataStart < from { end = min(end, from) } else if dataStart < to { end = min(end, to) }
    }
    for other in found where dataStart < other.range.lowerBound.rawValue {
      end = min(end, other.range.lowerBound.rawValue)
    }
    return end
  }

  // MARK: Beside the volumes in force

  private mutating func add(
    _ volume: FATVolume, _ range: Range<ByteOffset>, start: UInt64, _ share: (Int, Int)
  ) {
    layouts.append((volume.boot, start))
    found.append(
      LostVolume(range: range, volume: volume, consistent: share.0, examined: share.1))
  }

  private func range(from start: UInt64, end: UInt64) -> Range<ByteOffset>? {
    let end = min(end, source.length.rawValue)
    return start < end ? ByteOffset(start)..<ByteOffset(end) : nil
  }

  private func isOverlaid(_ range: Range<ByteOffset>) -> Bool {
    present.contains {
      $0.range.overlaps(
        range.lowerBound.advancedClamped(
          by: ByteCount(first))..<range.upperBound.advancedClamped(by: ByteCount(first)))
    }
  }

  /// Whether a volume in force speaks for itself at a place: what it has in use there is a file; at
  /// its start, only another kind of volume may have been before.
  private mutating func isHidden(_ place: UInt64) -> Bool {
    let byte = Self.byte(at: first &+ place)
    guard let volume = present.first(where: { $0.range.contains(byte.lowerBound) }) else {
      return false
    }
    if byte.lowerBound == volume.range.lowerBound { return volume.volume is FATVolume }
    return !occupied().overlaps(byte).isEmpty
  }

  private mutating func occupied() -> Occupancy {
    if let inUse { return inUse }
    let ranges = present.flatMap { $0.volume.allocation().allocated.ranges }
    let occupancy = Occupancy(RangeSet(unsorted: ranges))
    inUse = occupancy
    return occupancy
  }

  private static func byte(at place: UInt64) -> Range<ByteOffset> {
    ByteOffset(place)..<ByteOffset(place).advancedClamped(by: 1)
  }
}

extension FATVolume {
  /// Volumes that no table lists or that were formatted over. What a format with the same layout left
  /// is told by the volume in force.
  package static func lost(
    in source: Source, landmarks: [Landmark], present: [PresentVolume]
  ) -> [LostVolume] {
    var search = LostSearch(source, landmarks, present)
    search.followBootSectors()
    search.followDirectories()
    return search.found
  }
}
