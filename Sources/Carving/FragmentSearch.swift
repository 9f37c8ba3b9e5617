// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Looks for the pieces that a broken file lacks: from the place where it breaks, block by block, the
/// nearest first. A pure function of the pool and the file.
struct FragmentSearch {
  private let candidate: Candidate
  private let pool: Pool
  private let carver: Carver
  private let effort: Effort
  private let budget: UInt64
  /// Places where other files begin.
  private let starts: Set<ByteOffset>
  /// Bytes read so far.
  private(set) var cost: UInt64 = 0
  /// Whether the bound was met before an answer.
  private(set) var isCutShort = false

  /// Of what a place might hold, so much is looked at first.
  private static let windows: [ByteCount] = [0x2000, 0x2_0000]
  private static let glance: UInt64 = 0x20_0000
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
    return extents.isEmpty ? nil : examine(
      extents, allowance: Self.allowance, start: candidate.offset)
  }

  /// The whole file, or nil.
  mutating func solve(_ broken: Assembly) -> Assembly? {
    var state = broken
    for _ in 1..<effort.pieces {
      guard let next = step(from: state) else { return nil }
      if next.isComplete { return next }
      state = next
    }
    return nil
  }

  /// One more piece: the assembly that is complete, or else the one that holds furthest.
  ///
  /// Seams show: at both sides of one, blocks look different, or another file begins. Such cuts and places
  /// are tried first.
  private mutating func step(from state: Assembly) -> Assembly? {
    var map = BlockMap(pool: pool, starts: starts)
    let cuts = Cuts(of: state, map: &map, grid: pool.grid, most: effort.cuts)
    guard let first = cuts.all.min(), let start = state.place(behind: first) else {
      return nil
    }
    let likeness = Likeness(of: candidate.format)
    let behind = pool.blocks(from: start, count: effort.blocksBehind + cuts.all.count)
    let before = pool.blocks(before: candidate.offset, count: effort.blocksBefore)
    for places in [behind, before] {
      let usable = places.filter { likeness.allows(map.kind(at: $0)) && !starts.contains($0) }
      let seams = usable.filter { map.isSeam(at: $0) }
      let others = usable.filter { !map.isSeam(at: $0) }
      var best: Assembly?
      // A text breaks where it was cut, and much may follow: of all that would, the likest is taken.
      let order =
        candidate.format.validation == .grammar
        ? cuts.nearest.map { ([$0], seams + others) }
        : [
          (cuts.seams, seams), (cuts.others, seams), (cuts.seams, others), (cuts.others, others),
        ]
      for (cuts, places) in order {
        for cut in cuts {
          guard let next = attempts(state, cut, places, &best) else { continue }
          return next
        }
        if let best, best.isComplete { return best }
        if isCutShort { return best }
      }
      if let best, best.reach > state.reach.advancedClamped(by: gain) { return best }
    }
    return nil
  }

  /// Tries all places for one cut; answers with what is proven, and keeps the best.
  private mutating func attempts(
    _ state: Assembly, _ cut: ByteOffset, _ places: [ByteOffset], _ best: inout Assembly?
  ) -> Assembly? {
    let head = state.extents.prefix(ByteCount(cut.rawValue))
    let natural = state.place(behind: cut)
    let taken = head.mediumRanges
    let checkpoint = candidate.format.checkpoint(
      behind: pool.space.readable(head, name: candidate.format.id))
    for place in places where place != natural && !taken.contains(where: { $0.contains(place) }) {
      guard cost < budget else {
        isCutShort = true
        return nil
      }
      guard let next = attempt(head, cut, place, checkpoint) else { continue }
      if next.isComplete, next.strength.isTrusted { return next }
      if isBetter(next, than: best, from: cut) { best = next }
    }
    return nil
  }

  /// A piece must bring so much.
  private var gain: ByteCount { ByteCount(pool.grid.size) }

  private func isBetter(_ next: Assembly, than best: Assembly?, from cut: ByteOffset) -> Bool {
    guard next.isComplete || next.reach >= cut.advancedClamped(by: gain) else { return false }
    guard let best else { return true }
    if next.isComplete != best.isComplete { return next.isComplete }
    if next.isComplete {
      if next.strength != best.strength { return next.strength > best.strength }
      let isFilled = endsInZeros(next)
      if isFilled != endsInZeros(best) { return isFilled }
      return likeness(next, behind: cut) > likeness(best, behind: cut)
    }
    return next.reach > best.reach
  }

  /// Whether the rest of the file's last block is zeros, as systems leave it.
  private func endsInZeros(_ assembly: Assembly) -> Bool {
    guard let end = assembly.content.last?.range?.upperBound else { return false }
    let stop = pool.grid.next(end)
    let rest = pool.space.readable([Extent(end..<stop)], name: "slack")
    guard let bytes = try? rest.read(at: 0, count: (end..<stop).length) else { return false }
    return bytes.allSatisfy { $0 == 0 }
  }

  /// How much the block behind `cut` looks like the one before: the cosine of how often each byte value
  /// occurs in them.
  private func likeness(_ assembly: Assembly, behind cut: ByteOffset) -> Double {
    let file = pool.space.readable(assembly.extents, name: "seam")
    let size = min(ByteCount(pool.grid.size), 0x1000)
    guard cut.rawValue >= size.rawValue,
      let before = try? file.readPrefix(at: ByteOffset(cut.rawValue - size.rawValue), count: size),
      let after = try? file.readPrefix(at: cut, count: size)
    else { return 0 }
    var counts = [[Double](repeating: 0, count: 256), [Double](repeating: 0, count: 256)]
    for byte in before { counts[0][Int(byte)] += 1 }
    for byte in after where byte != 0 { counts[1][Int(byte)] += 1 }
    var (product, left, right) = (0.0, 0.0, 0.0)
    for value in 1..<256 {
      product += counts[0][value] * counts[1][value]
      left += counts[0][value] * counts[0][value]
      right += counts[1][value] * counts[1][value]
    }
    return left * right > 0 ? product / (left * right).squareRoot() : 0
  }

  private mutating func attempt(
    _ head: [Extent], _ cut: ByteOffset, _ place: ByteOffset, _ checkpoint: Checkpoint
  ) -> Assembly? {
    let limit = candidate.format.maximumSize.subtractingClamped(ByteCount(cut.rawValue))
    let tail = pool.extents(from: place, limit: limit, head: head.mediumRanges)
    guard tail.first?.range?.lowerBound == place else { return nil }
    for window in Self.windows where tail.length > window {
      guard
        let first = examine(
          head + tail.prefix(window), by: checkpoint,
          allowance: Self.glance &+ 4 &* cut.rawValue)
      else { return nil }
      if first.isComplete { return first }
      // What breaks well before the window ends would break with all that follows, too.
      if case .broken(let offset) = first.examination.end,
        offset < cut.advancedClamped(by: window)
      {
        return Assembly(extents: head + tail, examination: first.examination)
      }
    }
    return examine(head + tail, by: checkpoint, allowance: Self.allowance)
  }

  /// What the format says of the pieces; nil where it costs too much.
  private mutating func examine(
    _ extents: [Extent], by checkpoint: Checkpoint? = nil, allowance: UInt64, start: ByteOffset? = nil
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
