// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a weak head will be met again: damaged spans at equal distances.
///
/// All spans met are laid over each other by the period: a stripe begins where the earliest of
/// them began. Spans that do not fit begin a new pattern, since distances differ from zone to zone
/// of a disk. A wrong prediction only postpones.
struct StripePrediction: Sendable {
  /// Damage as it was met: where it began, the end of the last read that failed, and where data
  /// were good again for a mebibyte; in between nothing was read.
  struct Span: Sendable {
    var start: ByteOffset
    var damagedEnd: ByteOffset
    var goodStart: ByteOffset
    /// How many reads failed.
    var failures: Int
  }

  /// The spans of the pattern, or the last ones while there is none.
  private var spans: [Span] = []
  /// The last span, however short.
  private var last: Span?
  /// The distance of stripes in bytes; zero: no pattern.
  private var period = 0.0

  private static let shortest = 0x1p20

  mutating func add(_ new: Span) {
    var span = new
    if let last, abs(distance(last.goodStart, new.start)) <= 2 * Self.shortest {
      // A mebibyte was good by chance, inside of a stripe.
      span.start = min(last.start, new.start)
      span.failures += last.failures
      if spans.last?.start == last.start { spans.removeLast() }
    }
    last = span
    guard span.start < span.damagedEnd, span.damagedEnd <= span.goodStart,
      distance(span.start, span.goodStart) >= Self.shortest, span.failures >= 4
    else { return }
    if period > 0, let first = spans.first {
      let count = (distance(first.start, span.start) / period).rounded()
      let error = distance(first.start, span.start) - count * period
      if count > 0, abs(error) <= tolerance {
        period = distance(first.start, span.start) / count
        spans = spans.prefix(1) + spans.dropFirst().suffix(6) + [span]
        return
      }
      period = 0
    }
    spans = spans.suffix(2) + [span]
    findPeriod()
  }

  private mutating func findPeriod() {
    guard spans.count == 3 else { return }
    let one = distance(spans[0].start, spans[1].start)
    let two = distance(spans[1].start, spans[2].start)
    guard min(one, two) > Self.shortest, abs(one - two) <= max(Self.shortest / 2, one / 16) else {
      return
    }
    period = (one + two) / 2
  }

  /// By how much a stripe may begin beside where it is expected.
  private var tolerance: Double { max(Self.shortest / 2, period / 16) }

  /// The next stripe that ends behind `position`; nil where there is no pattern.
  func next(from position: ByteOffset) -> Range<ByteOffset>? {
    guard period > 0, let first = spans.first else { return nil }
    var (begin, least, most) = (0.0, 0.0, Double.infinity)
    for span in spans {
      let phase = (distance(first.start, span.start) / period).rounded() * period
      begin = min(begin, distance(first.start, span.start) - phase)
      least = max(least, distance(first.start, span.damagedEnd) - phase)
    }
    for span in spans {
      let phase = (distance(first.start, span.start) / period).rounded() * period
      let end = distance(first.start, span.goodStart) - phase
      if end >= least { most = min(most, end) }
    }
    let end = most.isFinite ? most : least
    guard end - begin < period else { return nil }
    let count = max(0, ((distance(first.start, position) - end) / period).rounded(.down) + 1)
    let start = Double(first.start.rawValue) + count * period
    guard start + begin >= 0, start + end < 0x1p62 else { return nil }
    let stripe = ByteOffset(UInt64(start + begin))..<ByteOffset(UInt64(start + end))
    return stripe.upperBound > position ? stripe : nil
  }

  /// The stripe that a failure at `position` belongs to, since it begins right behind.
  func early(at position: ByteOffset) -> Range<ByteOffset>? {
    guard let stripe = next(from: position), stripe.lowerBound > position,
      distance(position, stripe.lowerBound) <= tolerance
    else { return nil }
    return position..<stripe.upperBound
  }

  private func distance(_ from: ByteOffset, _ to: ByteOffset) -> Double {
    Double(to.rawValue) - Double(from.rawValue)
  }
}
