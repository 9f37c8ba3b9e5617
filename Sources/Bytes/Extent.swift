// SPDX-License-Identifier: Apache-2.0

/// A contiguous part of a source or a file, and where its bytes are.
package struct Extent: Hashable, Sendable {
  /// Where bytes are.
  package enum Place: Hashable, Sendable {
    /// On the medium, from this offset on.
    case medium(ByteOffset)
    /// Nowhere: a hole in a sparse file, which reads as zeros.
    case hole
    /// In memory: resident data, or an escaped journal block put right.
    case bytes([UInt8])
    /// Known to have existed, but nobody knows where: reading it throws.
    case lost
    /// Compressed by the file system.
    case packed(Packed)
  }

  package let place: Place
  package let count: ByteCount

  package init(_ place: Place, count: ByteCount) {
    self.place = place
    self.count = count
  }

  /// Bytes in memory.
  package init(bytes: [UInt8]) {
    self.init(.bytes(bytes), count: ByteCount(clamping: bytes.count))
  }

  /// Bytes of the medium.
  package init(_ range: Range<ByteOffset>) {
    self.init(.medium(range.lowerBound), count: range.length)
  }

  /// The range of the medium that holds these bytes as they are; nil for holes, lost parts, memory and
  /// what is compressed.
  package var range: Range<ByteOffset>? {
    guard case .medium(let start) = place else { return nil }
    return start..<start.advancedClamped(by: count)
  }

  /// The part of this extent from `skip` on, `count` bytes long; both must lie inside.
  package func part(skipping skip: ByteCount, count: ByteCount) -> Extent {
    switch place {
    case .medium(let start): Extent(.medium(start.advancedClamped(by: skip)), count: count)
    case .hole: Extent(.hole, count: count)
    case .lost: Extent(.lost, count: count)
    case .packed(let piece): Extent(.packed(piece.skipping(skip)), count: count)
    case .bytes(let bytes):
      Extent(
        .bytes(
          Array(
            bytes.dropFirst(Int(clamping: skip.rawValue)).prefix(Int(clamping: count.rawValue)))),
        count: count)
    }
  }
}

extension [Extent] {
  /// The sum of all lengths.
  package var length: ByteCount { reduce(0) { $0.addingClamped($1.count) } }

  /// What of the medium these extents occupy, in file order.
  package var mediumRanges: [Range<ByteOffset>] {
    flatMap { extent -> [Range<ByteOffset>] in
      if case .packed(let piece) = extent.place { return piece.stored }
      return extent.range.map { [$0] } ?? []
    }
  }

  /// The first `count` bytes of what the extents hold.
  package func prefix(_ count: ByteCount) -> [Extent] {
    var rest = count
    var kept: [Extent] = []
    for extent in self where rest > 0 {
      let taken = Swift.min(extent.count, rest)
      kept.append(taken == extent.count ? extent : extent.part(skipping: 0, count: taken))
      rest = rest.subtractingClamped(taken)
    }
    return kept
  }

  /// The same bytes in as few extents as possible.
  package var coalesced: [Extent] {
    var result: [Extent] = []
    for extent in self where extent.count > 0 {
      if let last = result.last, let joined = last.joined(with: extent) {
        result[result.count - 1] = joined
      } else {
        result.append(extent)
      }
    }
    return result
  }
}

extension Extent {
  fileprivate func joined(with next: Extent) -> Extent? {
    let sum = count.addingClamped(next.count)
    switch (place, next.place) {
    case (.medium(let start), .medium(let behind)):
      return start.advancedClamped(by: count) == behind ? Extent(place, count: sum) : nil
    case (.hole, .hole), (.lost, .lost): return Extent(place, count: sum)
    default: return nil
    }
  }
}
