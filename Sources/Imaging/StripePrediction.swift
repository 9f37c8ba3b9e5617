// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a weak head will be met again: damaged spans at equal distances.
///
/// The distance is that of the last three spans, so that it follows the zones of a disk. A wrong
/// prediction only postpones.
struct StripePrediction: Sendable {
  /// The last damaged spans, seen or predicted.
  private var spans: [Range<ByteOffset>] = []

  private static let shortest: ByteCount = 0x10_0000

  mutating func add(_ span: Range<ByteOffset>) {
    guard span.length >= Self.shortest else { return }
    spans.append(span)
    if spans.count > 8 { spans.removeFirst() }
  }

  /// Takes back the last span: it was predicted too short, and is being measured.
  mutating func removeLast() -> Range<ByteOffset>? { spans.popLast() }

  /// The next span that ends behind `position`; nil where there is no pattern.
  func next(from position: ByteOffset) -> Range<ByteOffset>? {
    guard spans.count >= 3 else { return nil }
    let starts = spans.suffix(3).map(\.lowerBound.rawValue)
    guard starts[0] < starts[1], starts[1] < starts[2] else { return nil }
    let (one, two) = (starts[1] - starts[0], starts[2] - starts[1])
    let difference = one > two ? one - two : two - one
    guard difference <= max(Self.shortest.rawValue / 2, one / 16) else { return nil }
    let period = (starts[2] - starts[0]) / 2
    // The longest but one: a span that was left by too long a jump is no measure.
    let length = spans.suffix(4).map(\.length).sorted().dropLast().last ?? 0
    guard length.rawValue < period else { return nil }
    var start = starts[2]
    // The first whole number of periods on whose span does not end before `position`.
    let reached = position.rawValue > start ? position.rawValue - start : 0
    let periods = max(1, reached > length.rawValue ? (reached - length.rawValue) / period + 1 : 1)
    let (far, overflow) = period.multipliedReportingOverflow(by: periods)
    guard !overflow, start <= UInt64.max - far else { return nil }
    start += far
    let end = ByteOffset(start).advancedClamped(by: length)
    return end > position ? ByteOffset(start)..<end : nil
  }
}
