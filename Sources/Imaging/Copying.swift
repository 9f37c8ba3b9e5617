// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Forward through what was never tried. Damage and slowness are left by jumps that double, and
/// that begin anew only after a mebibyte of good data; predicted stripes are left untouched.
struct Copying: Pass {
  let phase = Phase.copying
  private let ranges: [Range<ByteOffset>]
  private var current = 0
  private var position: ByteOffset = 0
  /// Good bytes in a row since the last damage, and since the last failure of any kind.
  private var good: ByteCount = 0
  private var calm: ByteCount = 0
  private var firstGood: ByteOffset = 0
  private var wasDamaged = false
  private var failures = 0
  /// All reads that failed.
  private var touches = 0
  private var skip: ByteCount = 0
  private var slowSkip: ByteCount = 0
  /// The damage that is being left.
  private var span: Range<ByteOffset>?
  /// How long the last damage was, or half of what was longer before.
  private var lastLength: ByteCount = 0
  private var stripes = StripePrediction()
  /// The last stripe that was left untouched, until a mebibyte behind it came.
  private var landing: Range<ByteOffset>?
  private var batch: [Attempt] = []
  private var failed: [Range<ByteOffset>] = []
  private var slow = false

  /// How much is asked for at once where the disk is well.
  private let flight: ByteCount
  private static let mebibyte: ByteCount = 0x10_0000

  /// - Parameter ranges: of the domain, sorted.
  init(_ ranges: [Range<ByteOffset>], flight: ByteCount) {
    (self.ranges, self.flight) = (ranges, flight)
  }

  mutating func next(_ survey: Survey) -> [Attempt] {
    (failed, slow, batch) = ([], false, [])
    while let range = place(survey.map) {
      if span == nil, let stripe = stripes.next(from: position) {
        let near = survey.clusters.down(stripe.lowerBound) <= position
        if near {
          position = survey.clusters.up(stripe.upperBound)
          (good, landing) = (0, stripe.lowerBound..<position)
          continue
        }
        let start = max(range.lowerBound, survey.clusters.down(stripe.lowerBound))
        batch = reads(range.lowerBound..<min(range.upperBound, start), survey)
        return batch
      }
      batch = reads(range, survey)
      return batch
    }
    return []
  }

  /// One read, or several at once where nothing failed for a while.
  private func reads(_ range: Range<ByteOffset>, _ survey: Survey) -> [Attempt] {
    let first: ByteCount = flight > Attempt.longest ? 0x40_0000 : 0x200_0000
    let quiet: ByteCount = wasDamaged ? 0x400_0000 : first
    guard calm >= quiet, slowSkip == 0 else {
      return [survey.attempt(survey.clusters.first(survey.cluster, of: range), phase)]
    }
    let length = min(Attempt.longest, max(survey.cluster, ByteCount(flight.rawValue / 4)))
    var rest = range
    var attempts: [Attempt] = []
    let end = range.lowerBound.advancedClamped(by: flight)
    while !rest.isEmpty, rest.lowerBound < end, attempts.count < Attempt.mostAtOnce {
      let part = survey.clusters.first(length, of: rest)
      attempts.append(survey.attempt(part, phase))
      rest = part.upperBound..<rest.upperBound
    }
    return attempts
  }

  /// What is to be read from `position` on, moved to the next place that was never tried.
  private mutating func place(_ map: RescueMap) -> Range<ByteOffset>? {
    while let found = map.next(.nonTried, from: position) {
      while current < ranges.count, ranges[current].upperBound <= found.lowerBound { current += 1 }
      guard current < ranges.count else { return nil }
      let range = found.clamped(to: ranges[current])
      if range.isEmpty {
        position = ranges[current].lowerBound
      } else if found.lowerBound > position, isLeft(found, map) {
        position = found.upperBound
      } else {
        position = range.lowerBound
        return range
      }
    }
    return nil
  }

  /// Whether a block is what an earlier run jumped over to leave damage.
  private func isLeft(_ block: Range<ByteOffset>, _ map: RescueMap) -> Bool {
    guard block.lowerBound > 0, block.upperBound < ByteOffset(map.length) else { return false }
    return map.status(at: block.lowerBound.retreated(by: 1)) != .finished
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    let range = outcome.attempt.range
    survey.mark(outcome)
    let isLast = batch.last == outcome.attempt || batch.count <= 1
    if outcome.result == .came {
      came(range)
      slow = slow || survey.costs.isSlow
    } else {
      (calm, wasDamaged) = (0, true)
      touches += 1
      failed.append(range)
      if outcome.result == .timedOut { failed.append(range) }
    }
    guard isLast else { return }
    if failed.isEmpty {
      position = max(position, range.upperBound)
      if slow { leaveSlowness(survey) } else if survey.costs.isFast { slowSkip = 0 }
    } else if slow, batch.count > 1 {
      // Damaged and slow: left as slow, and all that failed for later.
      leaveSlowness(survey)
    } else if failed.count == 1, failed[0].length > survey.cluster {
      // One of several long reads failed: again from there in short ones.
      position = failed[0].lowerBound
    } else {
      for range in failed { leaveDamage(range, survey) }
    }
    (failed, slow, batch) = ([], false, [])
  }

  private mutating func came(_ range: Range<ByteOffset>) {
    if good == 0 { firstGood = range.lowerBound }
    good = good.addingClamped(range.length)
    calm = calm.addingClamped(range.length)
    if good >= Self.mebibyte, failed.isEmpty {
      landing = nil
      if let span {
        let length = (span.lowerBound..<max(span.lowerBound, firstGood)).length
        lastLength = max(length, ByteCount(lastLength.rawValue / 2))
        stripes.add(
          .init(
            start: span.lowerBound, damagedEnd: span.upperBound, goodStart: firstGood,
            failures: failures))
      }
      (span, skip, failures) = (nil, 0, 0)
    }
  }

  private mutating func leaveDamage(_ range: Range<ByteOffset>, _ survey: Survey) {
    good = 0
    failures += 1
    if span == nil, let landing, landing.upperBound <= range.lowerBound {
      // The stripe is longer than was predicted.
      span = landing.lowerBound..<range.upperBound
      (failures, skip) = (5, 0x8_0000)
    } else if span == nil, let stripe = stripes.early(at: range.lowerBound) {
      span = range
      position = max(position, survey.clusters.up(stripe.upperBound))
      (failures, skip, landing) = (5, 0x8_0000, nil)
      return
    }
    landing = nil
    span = (span?.lowerBound ?? range.lowerBound)..<range.upperBound
    let longest = longestSkip(survey)
    skip = skip == 0 ? max(survey.cluster, range.length) : min(longest, doubled(skip))
    // The second failure of what may be as long as the last damage.
    if failures == 2 { skip = max(skip, min(longest, ByteCount(lastLength.rawValue / 16))) }
    position = max(position, survey.clusters.up(range.upperBound.advancedClamped(by: skip)))
  }

  private mutating func leaveSlowness(_ survey: Survey) {
    let read = batch.reduce(0 as ByteCount) { $0.addingClamped($1.range.length) }
    position = max(position, batch.last?.range.upperBound ?? 0)
    slowSkip =
      slowSkip == 0 ? max(survey.cluster, read) : min(longestSkip(survey), doubled(slowSkip))
    position = survey.clusters.up(position.advancedClamped(by: slowSkip))
    landing = nil
  }

  private func doubled(_ count: ByteCount) -> ByteCount { count.addingClamped(count) }

  /// At most a 32nd of the disk, and a gibibyte.
  private func longestSkip(_ survey: Survey) -> ByteCount {
    let share = ByteCount(survey.map.length.rawValue / 32)
    return max(survey.cluster, min(share, 0x4000_0000))
  }

  func remaining(_ survey: Survey) -> Double {
    let left = Double(survey.map.count(.nonTried).rawValue)
    let read = max(1, Double(survey.map.count(.finished).rawValue))
    return left * (survey.costs.perByte + Double(touches) / read * survey.costs.error)
  }
}
