// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A value that lies in clusters: parts from one or several records, joined.
struct MappedValue: Sendable {
  let size: ByteCount
  let initialized: ByteCount
  /// Clusters of a compression unit; 0: none.
  let unit: UInt64
  /// In order of the file. Where they leave a gap, nobody knows what was there.
  let runs: [Run]

  /// Joins the parts of one attribute; nil where the first is missing.
  init?(_ parts: [(attribute: Attribute, mapping: Attribute.Mapping)]) {
    let sorted = parts.sorted { $0.mapping.first < $1.mapping.first }
    guard let head = sorted.first, head.mapping.first == 0 else { return nil }
    size = head.mapping.size
    initialized = min(head.mapping.initialized, head.mapping.size)
    unit =
      head.attribute.isCompressed && (1...8).contains(head.mapping.unit)
      ? 1 << UInt64(head.mapping.unit) : 0
    var runs: [Run] = []
    var position: UInt64 = 0
    for part in sorted where part.mapping.first >= position {
      runs += part.mapping.runs ?? []
      if let last = runs.last { position = last.first + last.count }
    }
    self.runs = runs
  }

  /// Whether some of it would lie where the source has ended, or has not begun.
  func reachesBeyond(_ source: Source, _ geometry: Geometry) -> Bool {
    runs.contains { run in
      guard let cluster = run.cluster else { return false }
      guard let range = geometry.range(of: cluster, count: run.count) else { return true }
      guard let there = try? source.onMedium(range) else { return true }
      return there.contains { $0.place == .lost }
    }
  }

  /// The value's bytes on the medium.
  func extents(_ geometry: Geometry, in source: Source) -> [Extent] {
    var builder = ExtentBuilder(geometry: geometry, source: source)
    if unit > 0, unit * geometry.clusterSize <= Packed.longest.rawValue {
      builder.addUnits(of: unit, runs, size: size)
    } else {
      for run in runs where !builder.reaches(size) { builder.add(run) }
    }
    return builder.finished(size: size, initialized: initialized)
  }
}

/// Turns runs into extents.
private struct ExtentBuilder {
  let geometry: Geometry
  let source: Source
  private var extents: [Extent] = []
  /// Clusters of the file so far.
  private var position: UInt64 = 0

  init(geometry: Geometry, source: Source) {
    self.geometry = geometry
    self.source = source
  }

  func reaches(_ size: ByteCount) -> Bool { bytes(position) >= size }

  private func bytes(_ clusters: UInt64) -> ByteCount {
    (try? ByteCount(clusters) * geometry.clusterSize) ?? ByteCount(.max)
  }

  mutating func add(_ run: Run) {
    if run.first > position { append(.lost, run.first - position) }
    guard let cluster = run.cluster else { return append(.hole, run.count) }
    extents += place(cluster, run.count)
    position += run.count
  }

  private mutating func append(_ place: Extent.Place, _ clusters: UInt64) {
    extents.append(Extent(place, count: bytes(clusters)))
    position += clusters
  }

  /// Clusters on the medium; what lies beyond its end is lost.
  private func place(_ cluster: UInt64, _ count: UInt64) -> [Extent] {
    let whole = bytes(count)
    guard let range = geometry.range(of: cluster, count: count) else {
      return [Extent(.lost, count: whole)]
    }
    let there = range.clamped(to: source.range)
    var result = there.isEmpty ? [] : (try? source.onMedium(there)) ?? []
    let missing = whole.subtractingClamped(result.length)
    if missing > 0 { result.append(Extent(.lost, count: missing)) }
    return result
  }

  /// Units of a compressed file: stored as they are where no cluster is missing, zeros where all are,
  /// else compressed into those that are there.
  mutating func addUnits(of unit: UInt64, _ runs: [Run], size: ByteCount) {
    var pending: [Run] = []
    for run in runs {
      guard !reaches(size) else { return }
      var rest = run
      if let first = pending.first {
        let end = first.first / unit * unit + unit
        let taken = min(rest.count, end > rest.first ? end - rest.first : 0)
        if taken > 0 { pending.append(rest.prefix(taken)) }
        guard rest.first + taken >= end else { continue }
        addUnit(pending, of: unit)
        pending = []
        rest = rest.dropping(taken)
      }
      let whole = rest.count / unit * unit
      if whole > 0, rest.first % unit == 0 {
        add(rest.prefix(whole))
        rest = rest.dropping(whole)
      }
      if rest.count > 0 { pending = [rest] }
    }
    if !pending.isEmpty { addUnit(pending, of: unit) }
  }

  private mutating func addUnit(_ runs: [Run], of unit: UInt64) {
    guard let first = runs.first else { return }
    let start = first.first / unit * unit
    if start > position { append(.lost, start - position) }
    let stored = runs.flatMap { run in run.cluster.map { place($0, run.count) } ?? [] }
    let used = runs.reduce(0) { $0 + ($1.cluster == nil ? 0 : $1.count) }
    let isGapless =
      first.first == start
      && zip(runs, runs.dropFirst()).allSatisfy { $0.first + $0.count == $1.first }
    if used == 0 {
      append(.hole, unit)
    } else if !isGapless || stored.contains(where: { $0.range == nil }) {
      append(.lost, unit)
    } else if used == unit {
      extents += stored
      position += unit
    } else {
      append(.packed(Packed(.lznt1, stored: stored.mediumRanges, length: bytes(unit))), unit)
    }
  }

  func finished(size: ByteCount, initialized: ByteCount) -> [Extent] {
    var result = extents
    let missing = size.subtractingClamped(result.length)
    if missing > 0 { result.append(Extent(.lost, count: missing)) }
    result = result.prefix(initialized)
    let zeros = size.subtractingClamped(initialized)
    if zeros > 0 { result.append(Extent(.hole, count: zeros)) }
    return result.coalesced
  }
}

extension Run {
  fileprivate func prefix(_ clusters: UInt64) -> Run {
    Run(first: first, cluster: cluster, count: clusters)
  }

  fileprivate func dropping(_ clusters: UInt64) -> Run {
    Run(first: first + clusters, cluster: cluster.map { $0 + clusters }, count: count - clusters)
  }
}
