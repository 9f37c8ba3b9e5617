// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Files that say where each part of them stands, or how long they are: the block that is wrong is found
/// first; where the pieces before it were cut, blocks tell by their looks.
extension FragmentSearch {
  /// First, which place the block that the tables miss, or the file's last one, must have come from; then,
  /// with all behind it moved as far, what of the blocks before it is the file's.
  mutating func shifted(
    _ state: Assembly, _ cuts: Cuts, _ places: [ByteOffset], behind: [ByteOffset],
    _ map: inout BlockMap
  ) -> Assembly? {
    guard cost < budget else {
      isCutShort = true
      return nil
    }
    let pivot = pivot(of: state)
    let natural = state.place(behind: pivot)
    let head = state.extents.prefix(ByteCount(pivot.rawValue))
    let checkpoint = checkpoint(behind: head)
    let taken = head.mediumRanges
    var seen: (trace: BlockTrace, model: GapModel, plain: Float?)?
    var best: Assembly?
    var bestRank = -1
    var bestCost = Float.infinity
    var further: Assembly?
    var hits = 0
    // Whether the file is as long wherever its rest lies.
    var isFixed = true
    var asked = 0
    for place in places where place != natural {
      guard cost < budget else {
        isCutShort = true
        break
      }
      guard place > candidate.offset || !taken.contains(where: { $0.contains(place) }) else {
        continue
      }
      // Cheaper than to ask the format: whether the file may end there.
      if state.isComplete, isFixed, asked >= Self.mostHits, !mayEnd(at: place, state, &map) {
        continue
      }
      guard let next = attempt(head, pivot, place, checkpoint) else { continue }
      if next.isComplete, next.strength.isTrusted { return next }
      asked += 1
      if !next.isComplete || next.examination.length != state.examination.length { isFixed = false }
      let isHit =
        state.isComplete
        ? next.isComplete && endsInZeros(next) && !endsEarly(next)
        : next.isComplete || next.reach != state.reach
      // Nothing at all is no contradiction either.
      guard isHit, hits < Self.mostHits, ![.zero, .constant].contains(map.kind(at: place)) else {
        continue
      }
      hits += 1
      let (trace, model, plain) = seen ?? looks(of: state, behind: behind)
      seen = (trace, model, plain)
      var offers = offers(state, next, pivot, place, cuts, trace, model, &map)
      // Where foreign bytes were noticed, the first cut lies before, as a rule.
      var likely: Range<ByteOffset> = 0..<ByteOffset(.max)
      var tries = 0
      while cost < budget, !offers.isEmpty {
        let isGuided = tries >= Self.mostBlind
        tries += 1
        let index =
          isGuided
          ? offers.firstIndex { !$0.isOrdered || likely.contains($0.cut) } ?? 0 : 0
        let offer = offers.remove(at: index)
        // A file that may end where it does is left alone unless its blocks say otherwise.
        if let plain, offer.cost > plain - Self.wantedGain { continue }
        guard
          let whole = offer.head.map({ attempt($0, pivot, place, nil) }) ?? next
        else { continue }
        guard whole.isComplete else {
          if whole.reach < offer.cut, whole.reach >= likely.lowerBound {
            likely = likely.lowerBound..<whole.reach.advancedClamped(by: 1)
          } else if offer.cut >= likely.lowerBound, offer.cut < likely.upperBound {
            likely = min(offer.cut.advancedClamped(by: 1), likely.upperBound)..<likely.upperBound
          }
          if offer.isLikely, whole.reach > (further?.reach ?? state.reach).advancedClamped(by: gain)
          {
            further = whole
          }
          continue
        }
        if whole.strength.isTrusted { return whole }
        let isEnd = endsInZeros(whole) && !endsEarly(whole)
        // Where the file ends at once, its end is all that speaks for the place.
        let isShown = !isChain || whole.reach > pivot.advancedClamped(by: gain)
        let rank =
          whole.strength.rawValue * 32 + (isShown ? 16 : 0) + (isEnd ? 8 : 0) + offer.bonus
        if rank > bestRank || rank == bestRank && offer.cost < bestCost {
          (best, bestRank, bestCost) = (whole, rank, offer.cost)
        }
        if offer.isOrdered { break }
      }
    }
    return best ?? further
  }

  /// What blocks look like from the file's start on, and how much they differ if it is whole as it lies.
  private mutating func looks(
    of state: Assembly, behind: [ByteOffset]
  ) -> (trace: BlockTrace, model: GapModel, plain: Float?) {
    let trace = trace(of: state, behind: behind)
    let model = GapModel(trace)
    cost &+= UInt64(trace.places.count) &* pool.grid.size
    return (trace, model, state.isComplete ? directCost(of: state, trace, model) : nil)
  }

  /// Blocks that may lie between the file's first one and its end.
  func trace(of state: Assembly, behind: [ByteOffset]) -> BlockTrace {
    let needed = Int(clamping: pivot(of: state).rawValue / pool.grid.size)
    guard needed <= Self.mostTraced, let last = behind.last else {
      return BlockTrace([], pool: pool, starts: starts)
    }
    let places = pool.blocks(from: candidate.offset, count: needed + behind.count + 1)
    return BlockTrace(places.filter { $0 <= last }, pool: pool, starts: starts)
  }

  /// The block that is wrong: the one that the break names, or the last one of a file that is complete.
  func pivot(of state: Assembly) -> ByteOffset {
    let size = pool.grid.size
    let wanted =
      state.isComplete ? max(1, state.examination.length.rawValue) - 1 : state.reach.rawValue
    return ByteOffset(max(1, wanted / size) * size)
  }

  /// What may stand before the pivot.
  private struct Offer {
    /// Nil for what was tried already.
    let head: [Extent]?
    /// Where the first piece ends.
    let cut: ByteOffset
    let cost: Float
    let bonus: Int
    /// Whether the next one is less likely.
    let isOrdered: Bool
    /// Whether it is taken for right where another piece is missing.
    let isLikely: Bool
  }

  private static let mostHits = 16
  private static let mostTraced = 8192
  private static let mostTried = 512
  /// Cuts that are tried by what blocks look like alone.
  private static let mostBlind = 6
  /// By so much must blocks fit better where nothing else says that a file is cut.
  private static let wantedGain: Float = 0.4
  private static let farther: Float = 0.05

  private func offers(
    _ state: Assembly, _ next: Assembly, _ pivot: ByteOffset, _ place: ByteOffset, _ cuts: Cuts,
    _ trace: BlockTrace, _ model: GapModel, _ map: inout BlockMap
  ) -> [Offer] {
    let size = pool.grid.size
    let count = Int(clamping: pivot.rawValue / size) + 1
    if let last = trace.index(of: place), last >= count - 1 {
      let away = Self.farther * Float(last + 1 - count).squareRoot()
      // Of a file that may be whole as it lies, one gap is enough to doubt.
      let layouts = model.layouts(of: count, endingAt: last).filter {
        !state.isComplete || $0.runs.count <= 2
      }
      return layouts.prefix(Self.mostTried).enumerated().map {
        rank, layout in
        let runs = layout.runs.flatMap { $0.map { trace.places[$0] } }.dropLast()
        return Offer(
          head: extents(of: Array(runs)),
          cut: ByteOffset(UInt64(layout.runs.first?.count ?? 0) &* size), cost: layout.cost + away,
          bonus: 0, isOrdered: true,
          isLikely: rank < 3)
      }
    }
    // The piece that ends there lies before the file, or far behind it.
    return ([pivot] + cuts.all).compactMap { cut in
      let back = pivot.rawValue - min(cut, pivot).rawValue
      guard cut <= pivot, place.rawValue >= back, let end = state.place(behind: cut) else {
        return nil
      }
      let from = ByteOffset(place.rawValue - back)
      let head = state.extents.prefix(ByteCount(cut.rawValue))
      guard pool.space.contains(from), from != end,
        !head.mediumRanges.contains(where: { $0.overlaps(from..<max(from, place)) })
      else { return nil }
      let bonus =
        (starts.contains(end) ? 4 : 0) + (map.isSeam(at: end) ? 2 : 0)
        + (map.isSeam(at: from) ? 1 : 0)
      let between = pool.extents(from: from, limit: ByteCount(back), head: head.mediumRanges)
      return Offer(
        head: cut == pivot ? nil : head + between, cut: cut,
        cost: -Float(fit(from, behind: cut, of: state, insteadOf: end, &map)), bonus: bonus,
        isOrdered: false, isLikely: true)
    }
  }

  /// How much the blocks differ of a file that is whole as it lies.
  private func directCost(
    of state: Assembly, _ trace: BlockTrace, _ model: GapModel
  ) -> Float? {
    guard state.endsInZeros(in: pool) != false else { return nil }
    let count = Int(clamping: pivot(of: state).rawValue / pool.grid.size) + 1
    return model.cost(of: 0..<min(count, trace.places.count))
  }

  /// Blocks as extents, those side by side in one.
  private func extents(of places: [ByteOffset]) -> [Extent] {
    var ranges: [Range<ByteOffset>] = []
    for place in places {
      let end = place.advancedClamped(by: ByteCount(pool.grid.size))
      if let last = ranges.last, last.upperBound == place {
        ranges[ranges.count - 1] = last.lowerBound..<end
      } else {
        ranges.append(place..<end)
      }
    }
    return ranges.map { Extent($0) }
  }

  /// Whether the block at `place` may be the last one of a file: zeros fill it up, or something else begins
  /// behind it.
  private func mayEnd(
    at place: ByteOffset, _ state: Assembly, _ map: inout BlockMap
  ) -> Bool {
    let size = pool.grid.size
    guard ![.zero, .constant].contains(map.kind(at: place)) else { return false }
    let end = place.advancedClamped(by: ByteCount(size))
    let slack = min(8, size - state.examination.length.rawValue % size)
    guard slack < size, slack > 0, state.examination.length.rawValue % size > 0 else {
      return map.isSeam(at: end)
    }
    let source = pool.space.readable(
      [Extent(ByteOffset(end.rawValue &- slack)..<end)], name: "end")
    let bytes = try? source.read(at: 0, count: ByteCount(slack))
    return bytes?.allSatisfy { $0 == 0 } ?? false
  }

  /// How well a cut fits what blocks look like: those that it joins alike, those that it parts not.
  private func fit(
    _ place: ByteOffset, behind cut: ByteOffset, of state: Assembly, insteadOf natural: ByteOffset,
    _ map: inout BlockMap
  ) -> Double {
    map.likeness(of: place, behind: state, at: cut)
      - map.likeness(of: natural, behind: state, at: cut) - map.likenessToBefore(place)
  }

  /// Whether zeros stand before the end, too: then those behind it show nothing.
  func endsEarly(_ assembly: Assembly) -> Bool { assembly.endsEarly(in: pool) }
}
