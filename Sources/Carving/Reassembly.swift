// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dispatch
import FileFormats
import Findings
import Synchronization

/// Puts together files that do not lie in one piece, once all that do are known.
///
/// What trusted files own is taken out of the pool; what is whole without it is accepted, and taken out as
/// well, until nothing changes. Then each file that is still broken is searched for its next piece. Each
/// round looks at one state of the pool and is decided in order of strength and offset, so that the
/// number of workers does not show.
package struct Reassembly {
  /// A file that carving found before.
  package struct Known: Sendable {
    package let start: ByteOffset
    package let content: [Extent]
    package let evidence: [Evidence]
    package let isComplete: Bool

    package init(_ finding: Finding) {
      start = ByteOffset(finding.key)
      content = finding.content
      evidence = finding.evidence
      isComplete = finding.verdict < .partial
    }

    /// Whether nobody else may have its bytes.
    var isTrusted: Bool {
      isComplete && (Strength(evidence).isTrusted || evidence.contains(.blockListSurvived))
    }
  }

  /// A candidate that is not accounted for, and what is known of it.
  private struct Suspect {
    let candidate: Candidate
    var direct: Assembly?
    /// What was read for it.
    var span: Range<ByteOffset>?
    /// Its state changed since it was last searched.
    var isFresh = true
    /// More might be tried.
    var isOpen = false
    /// A whole file that is not trusted as such.
    var proposal: Assembly?
  }

  private let effort: Effort
  private let workers: Int
  private var pool: Pool
  private var suspects: [Suspect] = []
  private let starts: Set<ByteOffset>
  /// Files that are whole, but that chance bytes might be as well, by their start.
  private var loose: [ByteOffset: Known] = [:]
  private let looseRanges: RangeSet<ByteOffset>
  /// Those that begin between blocks.
  private var between: [Range<ByteOffset>] = []
  private var betweenRanges = RangeSet<ByteOffset>()
  private let known: [Known]
  /// Bytes that searches may read, and looks at what stands at a place: both grow with the ground.
  private var credit: Int64
  private var lookCredit: Int64
  /// What was taken since the last look.
  private var news: [Range<ByteOffset>] = []
  private var accepted: [ByteOffset: Carved] = [:]
  private var owned = RangeSet<ByteOffset>()
  /// Where files begin for which more might have been tried.
  private var passedOver: Set<ByteOffset> = []
  /// How many they are.
  package var cutShort: Int { passedOver.count { accepted[$0] == nil } }

  /// Ground that is looked at together: pieces of one file lie no farther apart.
  package static let stretch: UInt64 = 8 << 30
  /// Ground that searches may read many times over; on more of it they are done in time all the same.
  package static let densest: ByteCount = 0x2_0000_0000
  /// Places where a file may begin that are looked at together.
  package static let mostCandidates = 131_072
  private static let batch = 8
  private static let mostRounds = 6
  private static let mostSearches = 3

  /// - Parameters:
  ///   - space: what carved files may consist of.
  ///   - known: what carving has found in it.
  ///   - candidates: all of them, in order of offset.
  ///   - dense: how much of the space may be read many times over.
  package init(
    on medium: Source, space: RangeSet<ByteOffset>, defects: RangeSet<ByteOffset>,
    known: [Known], candidates: [Candidate], effort: Effort, workers: Int,
    dense: ByteCount = Self.densest
  ) {
    self.effort = effort
    self.workers = max(1, workers)
    self.known = known
    let trusted = known.filter(\.isTrusted)
    let grid = BlockGrid(
      starts: trusted.map(\.start).filter { $0.rawValue % Carver.sector == 0 })
    var pool = Pool(on: medium, free: space, defects: defects, grid: grid)
    // What begins off the grid is a part of something else, as a rule.
    let taken = trusted.filter { grid.isStart($0.start) }.flatMap {
      Ownership.owned(of: $0.content, $0.evidence)
    }
    pool.take(taken)
    owned = RangeSet(unsorted: taken)
    for file in known where file.isComplete && !file.isTrusted {
      loose[file.start] = file
    }
    looseRanges = RangeSet(unsorted: loose.values.flatMap { $0.content.mediumRanges })
    starts = Set(candidates.map(\.offset).filter(grid.isStart))
    suspects = candidates.filter { grid.isStart($0.offset) && pool.space.contains($0.offset) }
      .map { Suspect(candidate: $0) }
    let ground = Int64(clamping: min(pool.space.length.rawValue, 1 << 56))
    let near = min(ground, Int64(clamping: dense.rawValue))
    credit = effort.readings * near + ground / 2 + 4 * Int64(clamping: effort.perFile)
    lookCredit = 16 * near + 2 * ground + Int64(clamping: effort.perFile / 4)
    self.pool = pool
  }

  /// Files that were put together, in order of offset, and the starts of those found before that they
  /// replace.
  package mutating func run(
    check: () throws -> Void = {}
  ) throws -> (files: [Carved], replaced: Set<ByteOffset>) {
    for search in 0...Self.mostSearches {
      for _ in 0..<Self.mostRounds {
        try look(check)
        if !acceptTrusted() { break }
      }
      guard search < Self.mostSearches else { break }
      try self.search(budget: effort.perFile >> UInt64(2 * (Self.mostSearches - 1 - search)), check)
      if !acceptTrusted(), !suspects.contains(where: \.isOpen) { break }
    }
    acceptRest()
    for suspect in suspects where suspect.isOpen { passedOver.insert(suspect.candidate.offset) }
    return (files, replaced)
  }

  // MARK: rounds

  /// Looks at what stands at each place, over the present pool.
  private mutating func look(_ check: () throws -> Void) throws {
    suspects.removeAll { owned.contains($0.candidate.offset) }
    // What was read of a place and has not changed says the same again.
    let changed = RangeSet(unsorted: news)
    let stale = suspects.indices.filter { index in
      suspects[index].span.map(changed.intersects) ?? true
    }
    news = []
    for (index, result, _) in try each(stale, budget: .max, check, { search, _ in search.direct() })
    {
      suspects[index].span =
        result?.span ?? suspects[index].candidate
        .offset..<suspects[index].candidate.offset.advancedClamped(by: 1)
      if result?.extents.prefix(ByteCount(result?.reach.rawValue ?? 0))
        != suspects[index].direct?.content
      {
        suspects[index].isFresh = true
      }
      suspects[index].direct = result
    }
    let parts = suspects.reduce(into: Set<ByteOffset>()) { $0.formUnion($1.direct?.parts ?? []) }
    suspects.removeAll { parts.contains($0.candidate.offset) }
  }

  private mutating func search(budget: UInt64, _ check: () throws -> Void) throws {
    let size = pool.grid.size
    let open = suspects.indices.filter {
      guard suspects[$0].isFresh || suspects[$0].isOpen, let direct = suspects[$0].direct,
        !direct.isComplete || direct.isSuspicious(as: suspects[$0].candidate.format, in: pool)
      else { return false }
      return max(direct.reach, direct.noticed.advancedClamped(by: 0x4000)).rawValue >= size
        && (Assembly.weak.contains(suspects[$0].candidate.format.id)
          || direct.examination.evidence.contains {
            if case .headerMatched = $0 { true } else { false }
          })
    }
    let states = suspects.map(\.direct)
    for (index, result, isCutShort) in try each(
      open, budget: budget, check, { search, index in states[index].flatMap { search.solve($0) } })
    {
      suspects[index].isFresh = false
      suspects[index].isOpen = isCutShort
      if result == nil, suspects[index].proposal?.isComplete ?? false { continue }
      suspects[index].proposal = result
    }
  }

  /// Runs `body` for some suspects, in batches: what they cost is accounted for between them.
  private mutating func each(
    _ indices: [Int], budget: UInt64, _ check: () throws -> Void,
    _ body: @Sendable (inout FragmentSearch, Int) -> Assembly?
  ) throws -> [(index: Int, answer: Assembly?, isCutShort: Bool)] {
    var answers: [(index: Int, answer: Assembly?, isCutShort: Bool)] = []
    var rest = indices[...]
    while !rest.isEmpty {
      try check()
      let batch = Array(rest.prefix(Self.batch))
      rest = rest.dropFirst(batch.count)
      let isLook = budget == .max
      guard isLook ? lookCredit > 0 : credit > 0 else {
        passedOver.formUnion(batch.map { suspects[$0].candidate.offset })
        continue
      }
      // All of a batch together may not spend much more than there is.
      let budget = isLook ? budget : min(budget, UInt64(credit) / 16)
      let results = Mutex(
        [(Assembly?, UInt64, Bool)](repeating: (nil, 0, false), count: batch.count))
      let next = Atomic(0)
      let (pool, effort, starts) = (pool, effort, starts)
      let candidates = batch.map { suspects[$0].candidate }
      DispatchQueue.concurrentPerform(iterations: min(workers, batch.count)) { _ in
        while true {
          let place = next.add(1, ordering: .relaxed).oldValue
          guard place < batch.count else { return }
          var search = FragmentSearch(
            candidates[place], pool: pool, effort: effort, starts: starts,
            budget: budget)
          let answer = body(&search, batch[place])
          let (cost, isCutShort) = (search.cost, search.isCutShort)
          results.withLock { $0[place] = (answer, cost, isCutShort) }
        }
      }
      for (place, result) in results.withLock({ $0 }).enumerated() {
        answers.append((batch[place], result.0, result.2))
        let cost = Int64(clamping: result.1)
        if isLook {
          lookCredit = lookCredit.subtractingReportingOverflow(cost).partialValue
        } else {
          credit = credit.subtractingReportingOverflow(cost).partialValue
        }
      }
    }
    return answers
  }

  // MARK: decisions

  /// Accepts what checksums or a decoder prove, the surest first; false where there is nothing new.
  private mutating func acceptTrusted() -> Bool {
    var offers: [(Assembly, Candidate)] = []
    for suspect in suspects {
      for assembly in [suspect.direct, suspect.proposal].compactMap({ $0 })
      where assembly.isComplete && assembly.strength.isTrusted {
        offers.append((assembly, suspect.candidate))
      }
    }
    offers.sort {
      ($1.0.strength, $0.0.pieces, $0.1.offset) < ($0.0.strength, $1.0.pieces, $1.1.offset)
    }
    var taken: [Range<ByteOffset>] = []
    for (assembly, candidate) in offers where accept(assembly, candidate) {
      taken += assembly.content.mediumRanges
    }
    pool.take(taken)
    news += taken
    return !taken.isEmpty
  }

  /// What is whole by its structure alone: the surest first, and what ends as files do before what
  /// does not.
  private mutating func acceptRest() {
    // What begins between blocks was not looked at again.
    for file in loose.values.sorted(by: { $0.start < $1.start })
    where !pool.grid.isStart(file.start) && file.start.rawValue % Carver.sector == 0 {
      let ranges = file.content.mediumRanges
      guard !ranges.contains(where: { owned.intersects($0) }) else { continue }
      between.append(contentsOf: ranges)
    }
    betweenRanges = RangeSet(unsorted: between)
    var offers: [(assembly: Assembly, candidate: Candidate, rank: Int)] = []
    for suspect in suspects {
      for assembly in [suspect.direct, suspect.proposal].compactMap({ $0 })
      where assembly.isComplete {
        let isFilled = assembly.endsInZeros(in: pool)
        // What something else follows at once is a part of it as well as a file.
        let rank = isFilled == false ? 0 : 1 + assembly.strength.rawValue
        offers.append((assembly, suspect.candidate, rank))
      }
    }
    // What begins within another one of its kind is the rest of it.
    let chains = offers.filter { Assembly.chains.contains($0.candidate.format.id) }
    offers.removeAll { offer in
      chains.contains {
        $0.candidate.format.id == offer.candidate.format.id
          && $0.candidate.offset != offer.candidate.offset
          && $0.assembly.content.mediumRanges.contains { $0.contains(offer.candidate.offset) }
      }
    }
    offers.sort {
      ($1.rank, $0.assembly.pieces, $0.candidate.offset)
        < ($0.rank, $1.assembly.pieces, $1.candidate.offset)
    }
    for offer in offers { _ = accept(offer.assembly, offer.candidate) }
  }

  private mutating func accept(_ assembly: Assembly, _ candidate: Candidate) -> Bool {
    let content = assembly.content
    let ranges = content.mediumRanges
    guard accepted[candidate.offset] == nil, pool.space.unreadable(in: content) == 0,
      candidate.offset == ranges.first?.lowerBound,
      !ranges.contains(where: { owned.intersects($0) }), !parts(ranges)
    else { return false }
    if assembly.strength.isTrusted {
      let inside = loose(in: ranges).filter { $0.start != candidate.offset }
      // A file inside a file is its part, if the outer one needs it.
      guard ranges.count > 1 || inside.allSatisfy({ isWhole($0, without: ranges) }) else {
        return false
      }
      for file in inside { loose[file.start] = nil }
      loose[candidate.offset] = nil
    }
    for range in ranges { owned.insert(contentsOf: range) }
    var carved = Carved(
      format: candidate.format, start: candidate.offset, content: content,
      examination: assembly.examination, unreadable: pool.space.unreadable(in: content))
    carved.isJoined = content.count > 1
    accepted[candidate.offset] = carved
    return true
  }

  /// Whether a piece ends in the middle of a file that begins between blocks; all of it in one piece is
  /// a part of what the pieces are.
  private func parts(_ ranges: [Range<ByteOffset>]) -> Bool {
    guard ranges.contains(where: betweenRanges.intersects) else { return false }
    return between.contains { file in
      ranges.contains { $0.overlaps(file) }
        && !ranges.contains { $0.lowerBound <= file.lowerBound && file.upperBound <= $0.upperBound }
    }
  }

  /// The files that are whole, but not for sure, and have some of these bytes.
  private func loose(in ranges: [Range<ByteOffset>]) -> [Known] {
    guard ranges.contains(where: looseRanges.intersects) else { return [] }
    return loose.values.filter { file in
      file.content.mediumRanges.contains { own in ranges.contains { $0.overlaps(own) } }
    }.sorted { $0.start < $1.start }
  }

  /// Whether a file found before is as whole without some of its bytes.
  private func isWhole(_ file: Known, without ranges: [Range<ByteOffset>]) -> Bool {
    let rest = pool.without(ranges)
    return suspects.contains { suspect in
      guard suspect.candidate.offset == file.start else { return false }
      var search = FragmentSearch(
        suspect.candidate, pool: rest, effort: effort, starts: starts, budget: .max)
      return search.direct()?.isComplete ?? false
    }
  }

  // MARK: result

  private var files: [Carved] {
    let old = Dictionary(known.map { ($0.start, $0) }, uniquingKeysWith: { first, _ in first })
    return accepted.values.filter { old[$0.start]?.content.coalesced != $0.content.coalesced }
      .sorted { $0.start < $1.start }
  }

  /// Files found before that are others now, or a part of one.
  private var replaced: Set<ByteOffset> {
    var result = Set(files.map(\.start))
    var inside = RangeSet<ByteOffset>()
    for file in files {
      for range in file.content.mediumRanges { inside.insert(contentsOf: range) }
    }
    for file in known where inside.contains(file.start) { result.insert(file.start) }
    return result
  }
}
