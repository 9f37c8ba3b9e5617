// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import Case
import FileFormats
import Findings
import Volumes

extension Scan {
  /// One read, and what is passed over where the pass saw nothing that may be text.
  private static let window: UInt64 = 0x1_0000

  /// Larger clusters are taken in parts of this.
  private static let longestCluster: UInt64 = 0x40_0000

  /// Texts recorded together.
  private static let textBatch = 4096
  /// How far texts are looked for before they are recorded.
  private static let stretch: UInt64 = 0x400_0000

  /// Looks for plain text on volumes, in what is still nobody's when all else was carved.
  ///
  /// How far this is, is kept in the progress of carving as a place behind the medium's end.
  func carvePlainText(_ probe: Probe) throws {
    guard settings.carves, let progress = try record.carving() else { return }
    let claims = try Claims(of: record)
    let end = medium.range.upperBound
    let resumed = progress.position > end ? ByteOffset((end..<progress.position).length) : 0
    guard resumed <= end else { return }
    let space = try plainTextSpace(probe, claims)
    let textless = try textlessBlocks()
    var found: [Finding] = []
    func save(upTo place: ByteOffset) throws {
      var progress = progress
      progress.position = end.advancedClamped(by: ByteCount(place.rawValue))
      try record.add(found, carving: progress)
      found.removeAll(keepingCapacity: true)
    }
    for slice in probe.slices.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard let volume = slice.volume, !slice.isOverlaid else { continue }
      let cluster = min(max(volume.clusterSize.rawValue, 512), Self.longestCluster)
      var run = PlainText()
      func keep(_ text: PlainText.Text?) {
        guard let text, let start = text.start else { return }
        if let finding = finding(of: text, start, volume: slice.number, claims) {
          found.append(finding)
        }
      }
      for range in space.free.intersection(RangeSet(slice.range)).ranges {
        for part in range.parts(of: Self.stretch / cluster * cluster)
        where part.lowerBound >= resumed {
          try observer.check()
          // Where no text is open, the case alone knows all that was found.
          if found.count >= Self.textBatch, run.isIdle { try save(upTo: part.lowerBound) }
          try clusters(of: part, cluster, textless, otherwise: { keep(run.finish()) }) {
            bytes, start in
            let end = start.advancedClamped(by: ByteCount(clamping: bytes.byteCount))
            guard !space.taken.intersects(start..<end) else { return }
            keep(run.add(bytes, at: start))
          }
        }
      }
      keep(run.finish())
    }
    try save(upTo: end.advancedClamped(by: 1))
  }

  /// What no volume uses, and what of it trusted findings and carved files have taken.
  private func plainTextSpace(
    _ probe: Probe, _ claims: Claims
  ) throws -> (free: RangeSet<ByteOffset>, taken: RangeSet<ByteOffset>) {
    var taken: [Range<ByteOffset>] = Array(claims.ranges.ranges)
    var query = Query()
    query.show = .all
    query.origins = [.carve]
    try record.each(query) { _, finding in
      // A broken file owns its start alone.
      let ranges = Ownership.owned(of: finding.content, finding.evidence)
      taken += finding.verdict < .partial ? ranges : ranges.prefix(1).map { $0.prefix(512) }
      return true
    }
    return (
      try record.ranges(.unallocated).union(record.ranges(.unknown)), RangeSet(unsorted: taken)
    )
  }

  /// Long runs of blocks in which the pass saw one value alone or no pattern, and what could not be read.
  private func textlessBlocks() throws -> RangeSet<ByteOffset> {
    var runs = Array(try record.defects().ranges)
    try record.eachClass { range, kind in
      guard kind == .zero || kind == .constant || kind == .dense,
        range.length.rawValue >= Self.window
      else { return }
      runs.append(range)
    }
    return RangeSet(unsorted: runs)
  }

  /// Hands out the clusters of a range, but for what holds no text or cannot be read.
  private func clusters(
    of range: Range<ByteOffset>, _ cluster: UInt64, _ textless: RangeSet<ByteOffset>,
    otherwise: () -> Void, _ body: (RawSpan, ByteOffset) -> Void
  ) throws {
    let size = Int(clamping: cluster)
    var position = range.lowerBound
    while position < range.upperBound {
      let window = max(cluster, Self.window / cluster * cluster)
      let part =
        position..<min(position.advancedClamped(by: ByteCount(window)), range.upperBound)
      do {
        guard !textless.contains(part) else { throw Truncated() }
        try medium.withBytes(in: part) { bytes in
          for at in stride(from: 0, to: bytes.byteCount, by: size) {
            let count = min(size, bytes.byteCount - at)
            body(
              bytes.extracting(at..<at + count),
              part.lowerBound.advancedClamped(by: ByteCount(clamping: at)))
          }
        }
      } catch {
        otherwise()
      }
      position = part.upperBound
    }
  }

  /// The finding of a text, by the name of the deleted entry that points at its start; nil where the
  /// entry knows as much, or another size.
  func finding(
    of text: PlainText.Text, _ start: ByteOffset, volume: UInt16, _ claims: Claims,
    isListed: Bool = false
  ) -> Finding? {
    let sector = String(start.rawValue / 512)
    let place = String(repeating: "0", count: max(0, 10 - sector.count)) + sector
    let length = text.content.length
    var finding = Finding(
      volume: volume, origin: .carve,
      folder: [Finding.carvedFolder, RawName(FileFormat.Category.document.rawValue)],
      name: RawName("\(place).txt"), type: "txt", size: length, content: text.content,
      evidence: [.endReasoned], key: start.rawValue)
    if text.isCut { finding.evidence.append(.truncatedAt(ByteOffset(length))) }
    if isListed {
      finding.evidence.append(.blockListSurvived)
    } else if text.content.count > 1 {
      finding.evidence.append(.gapsSkipped(text.gaps))
    }
    if let entry = claims.starts[start] {
      guard !text.isCut, entry.size == length, entry.content.coalesced != text.content
      else { return nil }
      finding.folder = entry.folder
      finding.name = entry.name
      finding.times = entry.times
      finding.evidence.append(.nameFromEntry)
    }
    return finding
  }
}

extension Range<ByteOffset> {
  /// The range in parts of `count` bytes; the last may be shorter.
  fileprivate func parts(of count: UInt64) -> [Self] {
    stride(from: lowerBound.rawValue, to: upperBound.rawValue, by: Int(clamping: count)).map {
      let start = ByteOffset($0)
      return start..<Swift.min(start.advancedClamped(by: ByteCount(count)), upperBound)
    }
  }

  fileprivate func prefix(_ count: ByteCount) -> Self {
    lowerBound..<Swift.min(lowerBound.advancedClamped(by: count), upperBound)
  }
}

extension RangeSet<ByteOffset> {
  /// Whether all of `range` is in the set.
  func contains(_ range: Range<ByteOffset>) -> Bool {
    let ranges = ranges
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= range.lowerBound
      && ranges[low].upperBound >= range.upperBound
  }
}

extension PlainText.Text {
  /// Bytes of others amid it.
  fileprivate var gaps: ByteCount {
    guard let first = content.first?.range, let last = content.last?.range,
      first.lowerBound <= last.upperBound
    else { return 0 }
    return (first.lowerBound..<last.upperBound).length.subtractingClamped(content.length)
  }
}
