// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Allocation tables met anywhere, and what they and the directories of a volume tell of it together.
struct StrayTables {
  /// What the first bytes of a table say.
  struct Head {
    let place: UInt64
    let media: UInt8
    let isLarge: Bool

    /// A table whose first bytes are gone.
    init(at place: UInt64, isLarge: Bool) {
      self.place = place
      media = 0xF8
      self.isLarge = isLarge
    }

    init?(_ source: Source, at place: UInt64) {
      guard let bytes = try? source.read(at: ByteOffset(place), count: 8), let media = bytes.first,
        let second = try? bytes.little(UInt32.self, at: 4)
      else { return nil }
      self.place = place
      self.media = media
      // The highest bits of FAT32's entries are not used, two flags lie below them.
      isLarge = bytes[3] & 0xF == 0xF && bytes[3] != 0xFF && second & 0x03FF_FFFF == 0x03FF_FFFF
    }
  }

  let source: Source
  private(set) var heads: [Head]

  private static let most = 1024
  private static let mostTried = 64
  private static let mostAsked = 64
  /// The root directory of FAT12 and FAT16 as most tools make it: 512 entries.
  private static let commonRoot: UInt64 = 512 * 32

  init(_ source: Source, at places: [UInt64]) {
    self.source = source
    heads = places.prefix(Self.most).compactMap { Head(source, at: $0) }
  }

  /// The volume whose clusters lie so: with the tables that know the most of its directories, or else
  /// without any.
  ///
  /// - Parameter end: where the volume ends at the latest, in bytes of the source.
  func volume(
    _ layout: StrayDirectories.Layout, _ members: [StrayDirectories.Member], end: UInt64
  ) -> BootSector? {
    var best: (boot: BootSector, known: Int)?
    let headless = [true, false].flatMap { isLarge in
      TableVotes(source, before: layout.dataStart, isLarge: isLarge).places.map {
        Head(at: $0, isLarge: isLarge)
      }
    }
    // A sample is enough, and bounds the work on a disk full of directories.
    let sample = members.indices.filter { $0 % (members.count / Self.mostAsked + 1) == 0 }
      .map { members[$0] }
    for boot in candidates(headless, layout, end: end) + candidates(heads, layout, end: end) {
      guard members.allSatisfy({ boot.contains($0.own) }) else { continue }
      var table = AllocationTable(source, boot, isFormer: true)
      let known = sample.count {
        switch table.entry(of: $0.own) {
        case .next, .end: true
        case .free, .bad, .unknown: false
        }
      }
      if known * 4 >= sample.count, known > (best?.known ?? 0) { best = (boot, known) }
    }
    if let best { return withRoot(best.boot) }
    guard let room = end.subtracting(layout.dataStart), room >= layout.clusterSize else {
      return nil
    }
    let count = min(room / layout.clusterSize, 0x0FFF_FFF0)
    // Without tables the kind shows in a root directory of fixed size before the data area.
    let root = layout.dataStart.subtracting(Self.commonRoot).flatMap { start in
      count < 65_525 && isRoot(at: start, count: 512) ? start..<layout.dataStart : nil
    }
    return withRoot(
      BootSector(
        deduced: root == nil ? .fat32 : .fat16, media: 0, clusterSize: layout.clusterSize,
        dataStart: layout.dataStart, clusterEnd: UInt32(truncatingIfNeeded: count &+ 2),
        tables: [], tableLength: 0, root: root ?? 0..<0))
  }

  /// Volumes with the tables before a data area: pairs, single ones, and those whose other copy does
  /// not start as it should any more.
  private func candidates(
    _ heads: [Head], _ layout: StrayDirectories.Layout, end: UInt64
  ) -> [BootSector] {
    var candidates: [BootSector] = []
    for head in heads where head.place < layout.dataStart {
      guard candidates.count < Self.mostTried else { break }
      let room = layout.dataStart &- head.place
      for other in heads where other.place > head.place && other.place < layout.dataStart {
        let length = other.place &- head.place
        guard other.isLarge == head.isLarge, length <= room / 2,
          candidates.count < Self.mostTried
        else { continue }
        candidates += candidate(head, layout, tables: 2, length: length, end: end)
      }
      let fixed = head.isLarge ? 0 : Self.commonRoot
      guard room > fixed else { continue }
      for tables in [1, 2] as [UInt64] {
        candidates += candidate(
          head, layout, tables: tables, length: (room &- fixed) / tables, end: end)
      }
      // The second one, before which the first one was.
      if let first = head.place.subtracting(room &- fixed) {
        let head = Head(at: first, isLarge: head.isLarge)
        candidates += candidate(head, layout, tables: 2, length: room &- fixed, end: end)
      }
    }
    return candidates
  }

  private func candidate(
    _ head: Head, _ layout: StrayDirectories.Layout, tables count: UInt64, length: UInt64,
    end: UInt64
  ) -> [BootSector] {
    guard length > 0, length % 512 == 0, let room = end.subtracting(layout.dataStart) else {
      return []
    }
    let rootStart = head.place &+ count &* length
    // FAT12 has fewer than 4085 clusters, FAT16 fewer than 65525.
    let kind: BootSector.Kind =
      head.isLarge ? .fat32 : length &* 8 / 12 < 4085 + 512 ? .fat12 : .fat16
    guard rootStart <= layout.dataStart, !head.isLarge || rootStart == layout.dataStart,
      layout.dataStart &- rootStart <= 65_535 * 32, kind != .fat16 || length <= 0x2_0000
    else { return [] }
    let entries = min(length &* 8 / kind.rawValue, 0x0FFF_FFF0)
    let clusters = min(room / layout.clusterSize, entries &- min(entries, 2))
    guard clusters > 0 else { return [] }
    return [
      BootSector(
        deduced: kind, media: head.media, clusterSize: layout.clusterSize,
        dataStart: layout.dataStart, clusterEnd: UInt32(truncatingIfNeeded: clusters &+ 2),
        tables: (0..<count).map { head.place &+ $0 &* length }, tableLength: length,
        root: head.isLarge ? 0..<0 : rootStart..<layout.dataStart)
    ]
  }

  /// On FAT32 tools put the root directory into the first cluster; it has no `.` to say so. Where a
  /// format blanked it, what follows in its chain is left.
  private func withRoot(_ boot: BootSector) -> BootSector {
    guard boot.kind == .fat32 else { return boot }
    if isRoot(2, boot) { return boot.withRoot(cluster: 2) }
    var table = AllocationTable(source, boot, isFormer: true)
    guard !boot.tables.isEmpty, case .next(let next) = table.entry(of: 2), isRoot(next, boot) else {
      return boot
    }
    return boot.withRoot(cluster: next)
  }

  private func isRoot(_ cluster: UInt32, _ boot: BootSector) -> Bool {
    boot.contains(cluster)
      && isRoot(at: boot.offset(of: cluster), count: min(boot.clusterSize, 0x1_0000))
  }

  private func isRoot(at place: UInt64, count: UInt64) -> Bool {
    guard let bytes = try? source.read(at: ByteOffset(place), count: ByteCount(count)),
      bytes.first != 0x2E
    else { return false }
    return bytes.withSpan {
      DirectoryPage.isPlausible($0, at: 0, count: $0.byteCount, isRoot: true)
    }
  }
}

extension UInt64 {
  /// What is left; nil where there is less.
  func subtracting(_ other: UInt64) -> UInt64? { self >= other ? self &- other : nil }
}
