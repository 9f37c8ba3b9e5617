// SPDX-License-Identifier: Apache-2.0

/// Which blocks of a stretch are a file's, if the first and the last one are, and how many it has: those
/// are left out whose borders show most, in one run or a few.
struct GapModel {
  /// Runs of blocks that are kept, and how much they differ where they meet.
  struct Layout {
    let runs: [Range<Int>]
    let cost: Float
  }

  private let trace: BlockTrace
  /// The contrast of each block to the one before it, and what of it counts inside of a piece.
  private let steps: [Float]
  private let breaks: [Float]

  /// What another gap must be worth.
  private static let gapCost: Float = 2.1
  /// That the start of another file is a part of this one.
  private static let startCost: Float = 1.5
  /// More than one gap is looked for in stretches of which the blocks, times those left out, are no more.
  private static let mostCells = 0x1_0000
  private static let mostGaps = 3
  /// That text, or a block of one value, goes on with something else.
  private static let changeCost: Float = 0.5

  init(_ trace: BlockTrace) {
    self.trace = trace
    steps = trace.places.indices.map { $0 > 0 ? trace.contrast($0 - 1, $0) : 0 }
    breaks = trace.places.indices.map { index in
      (index > 0 && trace.isChange(index - 1, index) ? Self.changeCost : 0)
        + (trace.isStart(index) ? Self.startCost : 0)
    }
  }

  /// How much blocks differ that lie behind each other.
  func cost(of range: Range<Int>) -> Float {
    range.dropFirst().reduce(0) { $0 + (breaks.indices.contains($1) ? breaks[$1] : 0) }
  }

  /// The likeliest layouts of `count` blocks that begin with block 0 and end with block `last`.
  func layouts(of count: Int, endingAt last: Int) -> [Layout] {
    guard count > 1, last >= count - 1, last < steps.count else { return [] }
    guard last >= count else { return [Layout(runs: [0..<count], cost: cost(of: 0..<count))] }
    var result = single(count, last)
    if last * (last + 2 - count) <= Self.mostCells { result += several(count, last) }
    return result.sorted { $0.cost < $1.cost }
  }

  /// What it costs that the blocks from `cut` up to `block` are no part of the file, and those before are.
  func cost(ofGapFrom cut: Int, to block: Int) -> Float {
    guard cut > 0, cut < block, block < steps.count else { return .infinity }
    return cost(of: 0..<cut) + opening(cut) + closing(cut, block)
  }

  private func single(_ count: Int, _ last: Int) -> [Layout] {
    let left = last + 1 - count
    var sums: [Float] = [0]
    for step in breaks[...last] { sums.append((sums.last ?? 0) + step) }
    return (1..<count).map { cut in
      let cost =
        sums[cut] + sums[last + 1] - sums[cut + left + 1] + opening(cut) + closing(cut, cut + left)
      return Layout(runs: [0..<cut, cut + left..<last + 1], cost: cost)
    }
  }

  /// What it costs that a gap begins with a block: less where one is seen.
  private func opening(_ block: Int) -> Float {
    Self.gapCost - steps[block] - (trace.isStart(block) ? Self.startCost : 0)
  }

  /// What it costs that the gap from block `start` on ends before another one.
  private func closing(_ start: Int, _ block: Int) -> Float {
    trace.contrast(start - 1, block) - steps[block]
      + (trace.isStart(block) ? Self.startCost : 0)
  }

  /// The best layout for each number of gaps from two on: block by block, for each number of blocks left out
  /// so far.
  private func several(_ count: Int, _ last: Int) -> [Layout] {
    let width = last + 2 - count
    let never = Float.greatestFiniteMagnitude
    let cells = (Self.mostGaps + 1) * width
    var kept = [Float](repeating: never, count: cells)
    var open = [Float](repeating: never, count: cells)
    var opened = [Int](repeating: 0, count: cells)
    /// Where the gap began that ended before a block; 0 for none.
    var closed = [UInt16](repeating: 0, count: cells * (last + 1))
    kept[0] = 0
    for block in 1...last {
      var (nextKept, nextOpen) = (kept, open)
      var nextOpened = opened
      for gaps in 0...Self.mostGaps {
        for left in 0..<width {
          let cell = gaps * width + left
          var best = kept[cell] < never ? kept[cell] + breaks[block] : never
          // No two blocks are more alike than the same.
          if open[cell] < never, open[cell] - steps[block] < best {
            let joined = open[cell] + closing(opened[cell], block)
            if joined < best {
              best = joined
              closed[block * cells + cell] = UInt16(clamping: opened[cell])
            }
          }
          nextKept[cell] = best
          nextOpen[cell] = never
          guard gaps > 0, left > 0 else { continue }
          let (begun, longer) = (cell - width - 1, cell - 1)
          if kept[begun] < never { nextOpen[cell] = kept[begun] + opening(block) }
          nextOpened[cell] = block
          if open[longer] < nextOpen[cell] {
            (nextOpen[cell], nextOpened[cell]) = (open[longer], opened[longer])
          }
        }
      }
      (kept, open, opened) = (nextKept, nextOpen, nextOpened)
    }
    return (2...Self.mostGaps).compactMap { gaps in
      let cell = gaps * width + width - 1
      guard kept[cell] < never else { return nil }
      return Layout(
        runs: runs(gaps, width, last) { Int(closed[$0 * cells + $1]) }, cost: kept[cell])
    }
  }

  private func runs(
    _ gaps: Int, _ width: Int, _ last: Int, _ gapBefore: (Int, Int) -> Int
  ) -> [Range<Int>] {
    var (gaps, left, block, end) = (gaps, width - 1, last, last + 1)
    var runs: [Range<Int>] = []
    while block > 0, gaps >= 0, left >= 0 {
      let start = gapBefore(block, gaps * width + left)
      guard start > 0, start <= block else {
        block -= 1
        continue
      }
      runs.append(block..<end)
      gaps -= 1
      left -= block - start
      (end, block) = (start, start - 1)
    }
    return [0..<end] + runs.reversed()
  }
}
