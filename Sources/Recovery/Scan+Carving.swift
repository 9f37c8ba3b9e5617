// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import Case
import FileFormats
import Findings

extension Scan {
  /// Examines hits outside what volumes use and trusted findings claim, in order of offset.
  func carve(_ probe: Probe, _ listed: ListedSpace) throws {
    guard settings.carves else { return }
    let claims = try Claims(of: record)
    let defects = try record.defects()
    if try record.carving() == nil, !listed.layouts.isEmpty {
      let space = try carvingSpace(probe).subtracting(claims.ranges)
      let carver = Carver(space: CarvingSpace(on: medium, space: space, defects: defects))
      let (findings, cutShort) = try carveListed(listed, in: space, carver, claims, probe)
      try record.add(
        findings,
        carving: CarvingProgress(position: 0, cutShort: cutShort, credit: CarvingRun.fullCredit))
    }
    let space = try carvingSpace(probe).subtracting(claims.ranges)
      .subtracting(listed.taken(by: record))
    let carver = Carver(space: CarvingSpace(on: medium, space: space, defects: defects))
    let earlier = try record.carving()
    var run = CarvingRun(
      carver: carver, ownership: try ownershipSoFar(), workers: settings.workers,
      start: earlier?.position ?? 0, cutShort: earlier?.cutShort ?? 0, credit: earlier?.credit)
    var position = earlier?.position ?? 0
    var files = 0
    var found: [Finding] = []
    while position < medium.range.upperBound {
      try observer.check()
      let (candidates, next) = try self.candidates(from: position)
      try run.carve(candidates, check: observer.check) { carved in
        if let finding = self.finding(of: carved, claims: claims, probe: probe) {
          found.append(finding)
          files += 1
        }
      }
      // Only where no broken file reaches further does the case alone say who owns what.
      if next.map(run.ownership.isSettled) ?? true {
        try record.add(
          found,
          carving: CarvingProgress(
            position: next ?? medium.range.upperBound, cutShort: run.cutShort,
            credit: run.creditLeft))
        found.removeAll(keepingCapacity: true)
      }
      observer.observe(
        JobProgress(
          phase: .carving, done: ByteCount((next ?? source.range.upperBound).rawValue),
          total: source.length, defects: defects.length, files: files))
      guard let next else { break }
      position = next
    }
    if position <= medium.range.upperBound {
      try record.add(
        found,
        carving: CarvingProgress(
          position: medium.range.upperBound, cutShort: run.cutShort, credit: run.creditLeft))
    }
  }

  /// Puts together what does not lie in one piece, stretch by stretch of the medium, so that memory does
  /// not grow with it; then comes plain text.
  func joinFragments(_ probe: Probe, _ listed: ListedSpace) throws {
    guard settings.carves, let progress = try record.carving() else { return }
    let claims = try Claims(of: record)
    let space = try carvingSpace(probe).subtracting(claims.ranges)
      .subtracting(listed.taken(by: record))
    let defects = try record.defects()
    var joined: [Finding] = []
    var replaced: Set<ByteOffset> = []
    var cutShort = 0
    var dense = Reassembly.densest
    let end = medium.range.upperBound
    for start in stride(from: 0, to: end.rawValue, by: Int(Reassembly.stretch)) {
      let first = ByteOffset(start)
      let stretch = first..<min(first.advancedClamped(by: ByteCount(Reassembly.stretch)), end)
      let ground = space.intersection(RangeSet(stretch))
      guard !ground.isEmpty else { continue }
      let (candidates, left) = try self.candidates(in: stretch)
      guard !candidates.isEmpty else { continue }
      var run = Reassembly(
        on: medium, space: ground, defects: defects,
        known: try record.carved(in: stretch).map(Reassembly.Known.init), candidates: candidates,
        effort: settings.effort, workers: settings.workers, dense: dense)
      dense = dense.subtractingClamped(ground.length)
      let (files, old) = try run.run(check: observer.check)
      joined += files.compactMap { finding(of: $0, claims: claims, probe: probe) }
      replaced.formUnion(old)
      cutShort += run.cutShort + left
    }
    let (better, others) = try mended(
      joined, replaced: replaced, space: CarvingSpace(on: medium, space: space, defects: defects))
    replaced.formUnion(others.map { ByteOffset($0.key) })
    try record.replaceCarved(
      at: replaced, with: better + others,
      carving: CarvingProgress(
        // Most of them are the same places.
        position: progress.position, cutShort: max(progress.cutShort, cutShort),
        credit: progress.credit))
  }

  /// The candidates that start in a stretch, as many as memory allows, and how many more there are.
  private func candidates(
    in stretch: Range<ByteOffset>
  ) throws -> (candidates: [Candidate], left: Int) {
    var candidates: [Candidate] = []
    var left = 0
    var position: ByteOffset? = stretch.lowerBound
    while let from = position, from < stretch.upperBound {
      try observer.check()
      let page = try self.candidates(from: from)
      let inside = page.candidates.filter { $0.offset < stretch.upperBound }
      let room = max(0, Reassembly.mostCandidates - candidates.count)
      candidates += inside.prefix(room)
      left += max(0, inside.count - room)
      position = page.next
    }
    return (candidates, left)
  }

  /// What no volume uses: unallocated and unknown space, and everything outside of volumes.
  private func carvingSpace(_ probe: Probe) throws -> RangeSet<ByteOffset> {
    let extents = try source.onMedium(source.range).compactMap(\.range)
    let everything = RangeSet(unsorted: extents)
    if settings.carvesEverything { return everything }
    let volumes = probe.slices.filter { $0.volume != nil }.map(\.range)
    return try everything.subtracting(RangeSet(unsorted: volumes))
      .union(record.ranges(.unallocated)).union(record.ranges(.unknown))
  }

  /// The next candidates, all of those that start at one place together; `next` is nil at the end.
  private func candidates(
    from position: ByteOffset
  ) throws -> (candidates: [Candidate], next: ByteOffset?) {
    let limit = 4096
    var marks = try record.marks(
      from: position, limit: limit, kinds: 0...(MarkTable.firstLandmark - 1))
    var next: ByteOffset?
    if marks.count == limit, let last = marks.last {
      next = last.offset
      if marks.first?.offset == last.offset {
        next = last.offset.advancedClamped(by: 1)
      } else {
        marks.removeAll { $0.offset == last.offset }
      }
    }
    let candidates = marks.compactMap { mark in
      MarkTable.format(mark.kind, more: settings.moreFormats).map {
        Candidate(format: $0, offset: mark.offset)
      }
    }
    return (candidates, next)
  }

  /// What a stopped run of the same job had accepted: its whole files, since it stopped where no
  /// broken one reaches further.
  private func ownershipSoFar() throws -> Ownership {
    var whole: [Range<ByteOffset>] = []
    var query = Query()
    query.show = .all
    query.origins = [.carve]
    try record.each(query) { _, finding in
      if !finding.evidence.contains(where: \.breaksCarvedFile) {
        whole += Ownership.owned(of: finding.content, finding.evidence)
      }
      return true
    }
    return Ownership(whole: RangeSet(unsorted: whole))
  }

  /// The finding of a carved file: with the name of the deleted entry that points at its start;
  /// nil where that entry says as much as a fragment would.
  func finding(of carved: Carved, claims: Claims, probe: Probe) -> Finding? {
    let slice = probe.slices.first { $0.volume != nil && $0.range.contains(carved.start) }
    var finding = carved.finding(volume: slice?.number ?? 0)
    guard let entry = claims.starts[carved.start] else { return finding }
    guard carved.isComplete else { return nil }
    finding.folder = entry.folder
    finding.name = entry.name
    finding.times = entry.times
    finding.evidence.append(.nameFromEntry)
    return finding
  }
}

extension Evidence {
  /// Whether a carved file with this fact is not whole, and so owns nothing.
  fileprivate var breaksCarvedFile: Bool {
    switch self {
    case .brokenAt, .truncatedAt, .unreadable: true
    default: false
    }
  }
}
