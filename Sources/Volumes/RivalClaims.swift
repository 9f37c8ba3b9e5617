// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Bytes that several deleted files claim: whoever wrote last has them.
package struct RivalClaims<Claimant: Hashable & Comparable> {
  package typealias Loss = (winner: Claimant, count: ByteCount)

  private var claims: [(range: Range<ByteOffset>, claimant: Claimant)] = []

  /// Beyond this many claims to one byte nobody learns more from the next.
  private static var mostActive: Int { 64 }
  /// So many rivals are told of each claimant.
  private static var mostWinners: Int { 4 }

  package init() {}

  package mutating func add(_ ranges: [Range<ByteOffset>], of claimant: Claimant) {
    for range in ranges { claims.append((range, claimant)) }
  }

  /// What each claimant lost, and to whom.
  ///
  /// - Parameters:
  ///   - areRivals: false for two that stand for one file.
  ///   - isLater: whether the first of two wrote after the second.
  package func losses(
    areRivals: (Claimant, Claimant) -> Bool, isLater: (Claimant, Claimant) -> Bool
  ) -> [Claimant: [Loss]] {
    let sorted = claims.sorted {
      ($0.range.lowerBound, $0.claimant) < ($1.range.lowerBound, $1.claimant)
    }
    var active: [(range: Range<ByteOffset>, claimant: Claimant)] = []
    var lost: [Claimant: [Claimant: ByteCount]] = [:]
    for claim in sorted {
      active.removeAll { $0.range.upperBound <= claim.range.lowerBound }
      for other in active where areRivals(other.claimant, claim.claimant) {
        let shared = other.range.clamped(to: claim.range).length
        let (winner, loser) =
          isLater(other.claimant, claim.claimant)
          ? (other.claimant, claim.claimant) : (claim.claimant, other.claimant)
        lost[loser, default: [:]][winner, default: 0] =
          lost[loser, default: [:]][winner, default: 0].addingClamped(shared)
      }
      if active.count < Self.mostActive { active.append(claim) }
    }
    return lost.mapValues { winners in
      winners.sorted { $0.key < $1.key }.prefix(Self.mostWinners).map { ($0.key, $0.value) }
    }
  }
}
