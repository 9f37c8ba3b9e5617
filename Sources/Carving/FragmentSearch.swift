// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Looks for the pieces that a broken file lacks: from the place where it breaks, block by block, the
/// nearest first. A pure function of the pool and the file.
struct FragmentSearch {
  let candidate: Candidate
  let pool: Pool
  private let carver: Carver
  let effort: Effort
  var budget: UInt64
  private static let forWhole: UInt64 = 0x80_0000
  /// Where the search for the present piece ends.
  private var limit: UInt64 = .max
  /// Places where other files begin.
  let starts: Set<ByteOffset>
  /// Bytes read so far.
  var cost: UInt64 = 0
  /// Whole files that were compared by their blocks.
  private var wholes = 0
  /// Whether the bound was met before an answer.
  var isCutShort = false

  /// Of what a place might hold, so much is looked at first.
  private static let shortWindow: ByteCount = 0x2000
  private static let longWindow: ByteCount = 0x2_0000
  private static let glance: UInt64 = 0x20_0000
  private static let kept: ByteCount = 0x10_0000
  private static let allowance: UInt64 = 0x400_0000

  /// - Parameter budget: bytes that may be read.
  init(
    _ candidate: Candidate, pool: Pool, effort: Effort, starts: Set<ByteOffset>, budget: UInt64
  ) {
    self.candidate = candidate
    self.budget = budget
    self.pool = pool
    self.effort = effort
    self.starts = starts
    carver = Carver(space: pool.space)
  }

  /// What stands at the candidate's place, if what lies between its pieces is the pool's alone; nil
  /// where nothing does.
  mutating func direct() -> Assembly? {
    let extents = pool.space.extents(from: candidate.offset, limit: candidate.format.maximumSize)
    guard !extents.isEmpty else { return nil }
    let nothing = pool.space.readable([], name: candidate.format.id)
    var assembly = examine(
      extents, by: candidate.format.checkpoint(behind: nothing), allowance: Self.allowance,
      start: candidate.offset)
    // What lies far behind the break is not asked for again.
    assembly?.forget(behind: Self.kept)
    return assembly
  }

  /// The whole file, or nil.
  mutating func solve(_ broken: Assembly) -> Assembly? {
    var state = broken
    // Where nothing is known to be wrong, little is spent.
    if broken.isComplete { budget = min(budget, Self.forWhole) }
    if let movie = movie(broken) { return movie }
    for _ in 1..<effort.pieces {
      guard let next = step(from: state) else { return nil }
      if next.isComplete { return next }
      guard !isCutShort else { return nil }
      state = next
    }
    return nil
  }

  /// A movie whose index tells its blocks from others.
  private mutating func movie(_ broken: Assembly) -> Assembly? {
    guard candidate.format.id == "mp4", !broken.isComplete,
      let search = MovieSearch(
        from: candidate.offset, pool: pool, starts: starts, budget: budget / 2)
    else { return nil }
    let extents = search.solve(from: candidate.offset)
    cost &+= 1024 &+ search.cost
    guard let extents,
      let found = examine(extents, allowance: Self.allowance), found.isComplete
    else { return nil }
    return found
  }

  /// One more piece: the assembly that is complete, or else the one that holds furthest.
  ///
  /// First the cut next to the break, with all places behind it and before the file; then others, those
  /// first where a seam shows: where blocks look different at both sides, or another file begins.
  private mutating func step(from state: Assembly) -> Assembly? {
    var map = BlockMap(pool: pool, starts: starts)
    let isByTables = isByTables || state.isComplete && !isText && !state.isDecoded
    // Small blocks are more of them.
    let scale = Int(clamping: max(1, min(8, 4096 / pool.grid.size)))
    let cuts = Cuts(
      of: state, map: &map, grid: pool.grid,
      most: isByTables ? Self.mostShifts : effort.cuts * scale,
      isText: isText, isPacked: isPacked, isByTables: isByTables,
      isStream: Assembly.streams.contains(candidate.format.id))
    guard let first = cuts.all.min(), let start = state.place(behind: first) else { return nil }
    let likeness = Likeness(of: candidate.format)
    let from = isByTables ? state.place(behind: pivot(of: state)) ?? start : start
    let behind = pool.blocks(
      from: from, count: effort.blocksBehind(of: pool.grid.size) + (isByTables ? 0 : cuts.all.count)
    )
    let before = pool.blocks(
      before: candidate.offset, count: effort.blocksBefore(of: pool.grid.size))
    let sides = [behind, before].map { places in
      let usable = places.filter {
        likeness.allows(map.kind(at: $0)) && (isChain || !starts.contains($0))
      }
      // Where a seam shows, a place counts as nearer than it is.
      let far = usable.enumerated().map { ($0 + 8) / (map.isSeam(at: $1) ? 8 : 1) }
      return zip(far, usable).enumerated().sorted {
        ($0.element.0, $0.offset) < ($1.element.0, $1.offset)
      }.map(\.element.1)
    }
    if isByTables {
      for side in sides {
        if let found = shifted(state, cuts, side, behind: behind, &map) { return found }
        if isCutShort { return nil }
      }
      return nil
    }
    let near = Self.mostNear * scale
    let nearby = sides.map { Array($0.prefix(near)) }
    let far = sides.map { Array($0.dropFirst(near)) }
    var groups: [(cuts: [ByteOffset], places: [ByteOffset])] = []
    if isText {
      for cut in cuts.starts + cuts.nearest {
        for places in nearby + far { groups.append(([cut], places)) }
      }
    } else {
      let likely = cuts.starts.prefix(4) + cuts.nearest.prefix(3)
      let rest = cuts.all.filter { !likely.contains($0) }
      // Who says to the byte where it breaks is asked for that place first, on both sides.
      if candidate.format.validation == .decoding, let first = cuts.nearest.first {
        groups = nearby.map { ([first], $0) }
      }
      groups += nearby.map { (Array(likely), $0) } + nearby.map { (rest, $0) }
      groups += far.map { (Array(likely), $0) } + far.map { (rest, $0) }
    }
    var best: Assembly?
    limit = cost + (budget - min(budget, cost)) / 2
    for group in groups {
      for cut in group.cuts {
        if let next = attempts(state, cut, group.places, &best) { return next }
      }
      if let best, best.isComplete, !state.isComplete || endsInZeros(best) { return best }
      if cost >= limit { break }
    }
    // Half of what was left may go into one piece: then what came furthest is taken for it.
    guard let best, best.reach > state.reach.advancedClamped(by: gain) || state.isComplete,
      !state.isComplete || best.isComplete && endsInZeros(best) && !endsEarly(best)
    else { return nil }
    if cost < budget { isCutShort = false }
    return best
  }

  /// A decoder says where bytes end too soon; who walks from frame to frame says that the last one is wrong.
  private var windows: [ByteCount] {
    if isByTables { return [] }
    let isExact =
      candidate.format.validation == .decoding || isText
      || ["png", "zip", "pdf"].contains(candidate.format.id)
    guard isExact else { return [Self.longWindow] }
    // Small blocks are many: what is foreign shows in two of them, as a rule.
    let least = ByteCount(2 * pool.grid.size)
    return (least < Self.shortWindow ? [least] : []) + [Self.shortWindow, Self.longWindow]
  }

  private var isByTables: Bool { Assembly.byTables.contains(candidate.format.id) }
  var isChain: Bool { Assembly.chains.contains(candidate.format.id) }
  private var isPacked: Bool {
    candidate.format.validation == .checksums || candidate.format.validation == .decoding
  }
  private var isText: Bool { candidate.format.validation == .grammar }

  /// Places that are tried first.
  private static let mostNear = 112
  private static let mostShifts = 512

  /// Tries all places for one cut; answers with what is proven, and keeps the best.
  private mutating func attempts(
    _ state: Assembly, _ cut: ByteOffset, _ places: [ByteOffset], _ best: inout Assembly?
  ) -> Assembly? {
    guard cost < limit else {
      isCutShort = true
      return nil
    }
    let head = state.extents.prefix(ByteCount(cut.rawValue))
    let natural = state.place(behind: cut)
    let taken = head.mediumRanges
    let checkpoint = checkpoint(behind: head)
    for place in places where place != natural && !taken.contains(where: { $0.contains(place) }) {
      guard cost < limit else {
        isCutShort = true
        return nil
      }
      guard var next = attempt(head, cut, place, checkpoint),
        !next.isComplete || ByteOffset(next.examination.length) > cut
      else { continue }
      if next.isComplete, next.strength.isTrusted { return next }
      if !next.isComplete, isProven(next, behind: cut) { return next }
      // A few are compared closely: many show that the format says little.
      if next.isComplete, isText, wholes < Self.mostWholes {
        wholes += 1
        next = recut(next, at: cut, of: state)
      }
      if isBetter(next, than: best, from: cut) { best = next }
    }
    return nil
  }

  /// A piece must bring so much.
  var gain: ByteCount { ByteCount(pool.grid.size) }

  /// How far from the end of the piece before `cut` the next one begins; before the file, farther than any
  /// behind it.
  private func distance(_ assembly: Assembly, behind cut: ByteOffset) -> UInt64 {
    guard cut.rawValue > 0, let next = assembly.place(behind: cut),
      let last = assembly.place(behind: ByteOffset(cut.rawValue - 1))
    else { return .max }
    return next > last ? next.rawValue - last.rawValue : (1 << 62) + (last.rawValue - next.rawValue)
  }

  /// Whether the piece behind `cut` has shown to be the right one, though another is missing.
  private func isProven(_ next: Assembly, behind cut: ByteOffset) -> Bool {
    let sound = next.examination.doubt?.lowerBound ?? next.reach
    switch candidate.format.validation {
    case .checksums: return next.examination.doubt != nil && sound > cut
    case .decoding, .structure, .size, .reasoning, .grammar: return false
    }
  }

  private func isBetter(_ next: Assembly, than best: Assembly?, from cut: ByteOffset) -> Bool {
    guard next.isComplete || next.reach >= cut.advancedClamped(by: gain) else { return false }
    guard let best else { return true }
    if next.isComplete != best.isComplete { return next.isComplete }
    if next.isComplete {
      if next.strength != best.strength { return next.strength > best.strength }
      // What has no end of its own goes on as far as it can.
      let isFilled = endsInZeros(next)
      if isFilled != endsInZeros(best) { return isFilled }
      if let misfit = next.misfit, let other = best.misfit,
        abs(misfit - other) > Self.recutGain
      {
        return misfit < other
      }
      if candidate.format.validation == .reasoning {
        return next.examination.length > best.examination.length
      }
      let gained = likeness(next, behind: cut) - likeness(best, behind: cut)
      if abs(gained) > 0.15 { return gained > 0 }
      return distance(next, behind: cut) < distance(best, behind: cut)
    }
    // Packed data that are entered anywhere often go on as if nothing were: the nearest piece is it.
    if let strain = next.examination.strain, let other = best.examination.strain,
      max(strain, other) > Self.strained * min(strain, other)
    {
      return strain < other
    }
    let enough = cut.advancedClamped(by: ByteCount(max(3 * pool.grid.size, Self.leastDecoded)))
    if candidate.format.validation == .decoding, next.reach > enough, best.reach > enough {
      return distance(next, behind: cut) < distance(best, behind: cut)
    }
    return next.reach > best.reach
  }

  private static let mostWholes = 24
  private static let leastDecoded: UInt64 = 0x3000
  private static let strained: Float = 1.5
  private static let mostStrain: Float = 3

  /// Whether the rest of the file's last block is zeros, as systems leave it.
  func endsInZeros(_ assembly: Assembly) -> Bool { assembly.endsInZeros(in: pool) ?? true }

  /// How much the block behind `cut` looks like the one before: the cosine of how often each byte value
  /// occurs in them.
  private func likeness(_ assembly: Assembly, behind cut: ByteOffset) -> Double {
    let file = pool.space.readable(assembly.extents, name: "seam")
    let size = min(ByteCount(pool.grid.size), 0x1000)
    guard cut.rawValue >= size.rawValue,
      let before = try? file.readPrefix(at: ByteOffset(cut.rawValue - size.rawValue), count: size),
      let after = try? file.readPrefix(at: cut, count: size)
    else { return 0 }
    return ByteHistogram(before).likeness(to: ByteHistogram(after))
  }

  mutating func attempt(
    _ head: [Extent], _ cut: ByteOffset, _ place: ByteOffset, _ checkpoint: Checkpoint?
  ) -> Assembly? {
    let limit = candidate.format.maximumSize.subtractingClamped(ByteCount(cut.rawValue))
    let tail = pool.extents(from: place, limit: limit, head: head.mediumRanges)
    guard tail.first?.range?.lowerBound == place else { return nil }
    // Tables may lie anywhere: a part of the file would look like one that is broken.
    for window in windows where tail.length > window {
      guard
        let first = examine(
          head + tail.prefix(window), by: checkpoint,
          allowance: Self.glance &+ 4 &* cut.rawValue)
      else { return nil }
      // What has no end of its own ends with the window.
      if first.isComplete,
        first.examination.length < ByteCount(cut.rawValue).addingClamped(window)
      {
        return first
      }
      // What decodes, but does not go on with what there is, is of another file.
      if let strain = first.examination.strain, strain > Self.mostStrain { return nil }
      // What breaks well before the window ends would break with all that follows, too.
      if case .broken(let offset) = first.examination.end,
        offset < cut.advancedClamped(by: window)
      {
        return Assembly(extents: head + tail, examination: first.examination)
      }
    }
    return examine(head + tail, by: checkpoint, allowance: Self.allowance)
  }

  /// The format's state behind sound pieces; walking them again costs as any reading does.
  mutating func checkpoint(behind head: [Extent]) -> Checkpoint {
    let (file, meter) = pool.space.metered(
      head, name: candidate.format.id, start: nil, allowance: Self.allowance)
    defer { cost &+= 1024 &+ (meter?.used ?? 0) }
    return candidate.format.checkpoint(behind: file)
  }

  /// What the format says of the pieces; nil where it costs too much.
  private mutating func examine(
    _ extents: [Extent], by checkpoint: Checkpoint? = nil, allowance: UInt64,
    start: ByteOffset? = nil
  ) -> Assembly? {
    let (file, meter) = pool.space.metered(
      extents, name: candidate.format.id, start: start, allowance: allowance)
    defer { cost &+= 1024 &+ (meter?.used ?? 0) }
    guard var examination = try? checkpoint?.examine(file) ?? candidate.format.examine(file)
    else { return nil }
    try? carver.takeLineEnd(of: file, into: &examination)
    return Assembly(extents: extents, examination: examination, span: meter?.span)
  }
}
