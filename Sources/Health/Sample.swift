// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation

/// A short read of a medium, and how it went.
package struct Sample: Hashable, Sendable {
  package enum Place: String, Sendable, CaseIterable { case start, middle, end }

  package enum Outcome: Hashable, Sendable {
    case read
    /// What did not come first.
    case failed(at: ByteOffset)
    /// Nothing came within the limit; the read may still be under way.
    case hung
  }

  package let place: Place
  package let range: Range<ByteOffset>
  package let outcome: Outcome
  package let seconds: Double

  package init(_ place: Place, _ range: Range<ByteOffset>, _ outcome: Outcome, seconds: Double) {
    self.place = place
    self.range = range
    self.outcome = outcome
    self.seconds = seconds
  }

  /// The length of a sample: 1 MiB.
  package static let length: ByteCount = 0x10_0000

  /// A sound disk takes 10 to 30 ms; one that waits for this long corrects or repeats its reads.
  package static let slowFrom = 0.5

  package var isSlow: Bool { outcome == .read && seconds >= Self.slowFrom }

  /// Where samples are taken; a short medium has fewer of them, or one of all its bytes.
  package static func places(of length: ByteCount) -> [(place: Place, range: Range<ByteOffset>)] {
    func range(_ start: UInt64) -> Range<ByteOffset> {
      let end = ByteOffset(start).advancedClamped(by: Self.length)
      return ByteOffset(start)..<min(end, ByteOffset(length))
    }
    let unit = Self.length.rawValue
    let pieces = length.rawValue / unit
    guard pieces > 0 else { return length > 0 ? [(.start, range(0))] : [] }
    let places: [(Place, UInt64)] = [
      (.start, 0), (.middle, pieces / 2 * unit), (.end, (pieces - 1) * unit),
    ]
    return places.prefix(Int(min(pieces, 3))).map { ($0.0, range($0.1)) }
  }

  /// Takes all samples, and stops at one that hangs.
  ///
  /// - Parameters:
  ///   - wakes: read one sector first, untimed: a disk that stands still needs seconds to start.
  ///   - limit: for each, in seconds.
  package static func take(of medium: any Medium, wakes: Bool, limit: Double = 30) -> [Sample] {
    let places = places(of: medium.length)
    if wakes, let last = places.last {
      let sector = ByteOffset.first(medium.sectorSize, of: last.range)
      if probe(medium, sector, limit).outcome == .hung {
        return [Sample(last.place, sector, .hung, seconds: limit)]
      }
    }
    var samples: [Sample] = []
    for (place, range) in places {
      let (outcome, seconds) = probe(medium, range, limit)
      samples.append(Sample(place, range, outcome, seconds: seconds))
      if outcome == .hung { break }
    }
    return samples
  }

  /// One timed read.
  private static func probe(
    _ medium: any Medium, _ range: Range<ByteOffset>, _ limit: Double
  ) -> (outcome: Outcome, seconds: Double) {
    let start = DispatchTime.now().uptimeNanoseconds
    let outcome = within(limit) { () -> Outcome in
      do {
        try medium.withBytes(in: range) { _ in }
        return .read
      } catch let error as ReadError {
        return .failed(at: error.range.lowerBound)
      } catch {
        return .failed(at: range.lowerBound)
      }
    }
    let end = DispatchTime.now().uptimeNanoseconds
    return (outcome ?? .hung, Double(end - start) / 1e9)
  }
}

extension ByteOffset {
  /// The first `length` bytes of a range.
  fileprivate static func first(_ length: ByteCount, of range: Range<Self>) -> Range<Self> {
    range.lowerBound..<min(range.upperBound, range.lowerBound.advancedClamped(by: length))
  }
}
