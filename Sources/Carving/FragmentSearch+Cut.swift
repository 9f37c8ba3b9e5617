// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats

/// Formats that go on over foreign bytes unaware: of all cuts that leave a whole file, the one that blocks
/// speak for.
extension FragmentSearch {
  private static let mostStretched = 2048
  private static let mostRecut = 12
  /// By so much must another cut fit better.
  static let recutGain: Float = 0.25

  /// The same pieces, parted elsewhere if blocks look so and the format agrees.
  ///
  /// - Parameters:
  ///   - found: a whole file.
  ///   - cut: where its last piece but one ends.
  ///   - state: what it was made of.
  mutating func recut(_ found: Assembly, at cut: ByteOffset, of state: Assembly) -> Assembly {
    guard found.isComplete, !found.strength.isTrusted, let place = found.place(behind: cut),
      let places = stretch(of: state, to: place)
    else { return found }
    let trace = BlockTrace(places, pool: pool, starts: starts)
    let model = GapModel(trace)
    cost &+= UInt64(places.count) &* pool.grid.size
    let last = places.count - 1
    let present = model.cost(
      ofGapFrom: Int(clamping: cut.rawValue / pool.grid.size), to: last)
    var result = found
    result.misfit = present
    let better = (1..<last).map { (cost: model.cost(ofGapFrom: $0, to: last), block: $0) }
      .filter { $0.cost < present - Self.recutGain }
      .sorted { ($0.cost, $0.block) < ($1.cost, $1.block) }
    for offer in better.prefix(Self.mostRecut) where cost < budget {
      let other = ByteOffset(UInt64(offer.block) &* pool.grid.size)
      let head = state.extents.prefix(ByteCount(other.rawValue))
      guard let next = attempt(head, other, place, checkpoint(behind: head)), next.isComplete,
        next.strength >= found.strength,
        next.content.last?.range?.upperBound == found.content.last?.range?.upperBound
      else { continue }
      result = next
      result.misfit = offer.cost
      break
    }
    return result
  }

  /// The blocks of a file and what follows them, up to `place`; nil where that lies before, or too far
  /// away.
  private func stretch(of state: Assembly, to place: ByteOffset) -> [ByteOffset]? {
    var places: [ByteOffset] = []
    while places.count < Self.mostStretched,
      let next = state.place(behind: ByteOffset(UInt64(places.count) &* pool.grid.size))
    {
      places.append(next)
      if next == place { return places.count > 2 ? places : nil }
    }
    return nil
  }
}
