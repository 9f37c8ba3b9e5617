// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What is in use on a volume today, and by whom: asked about the bytes that a deleted file had.
package struct SpaceInUse: Sendable {
  private let files: Occupancy
  package let allocated: Occupancy
  /// So many parts of one file are told apart, so that hostile ones end; what the map says remains.
  private static let mostParts = 0x1_0000
  /// So many owners are named.
  private static let mostOwners = 8
  private let unknown: Occupancy

  /// - Parameters:
  ///   - owned: what files that are present have, by their numbers.
  ///   - allocation: what the volume's map says; nil where it has no say.
  package init(owned: [Occupancy.Part], allocation: Allocation?) {
    files = Occupancy(owned)
    allocated = Occupancy(allocation?.allocated ?? RangeSet())
    unknown = Occupancy(allocation?.unknown ?? RangeSet())
  }

  /// What of a deleted file's bytes is somebody else's now, or may be.
  ///
  /// - Parameters:
  ///   - asksMap: whether what the map calls in use speaks against the file too.
  ///   - name: what a file that is present is called, by its number.
  package func evidence(
    on content: [Extent], asksMap: Bool = true, name: (UInt64) -> String
  ) -> [Evidence] {
    var byOwner: [UInt64: ByteCount] = [:]
    var unsure: ByteCount = 0
    var rest = Self.mostParts
    for range in content.mediumRanges {
      var taken = asksMap ? allocated.length(in: range) : 0
      for part in rest > 0 ? files.overlaps(range) : [] {
        rest -= 1
        byOwner[part.owner, default: 0] =
          byOwner[part.owner, default: 0].addingClamped(part.range.length)
        taken = taken.subtractingClamped(part.range.length)
      }
      if taken > 0 {
        byOwner[Occupancy.nobody, default: 0] =
          byOwner[Occupancy.nobody, default: 0].addingClamped(taken)
      }
      if asksMap { unsure = unsure.addingClamped(unknown.length(in: range)) }
    }
    // Who has but a little is told with the others.
    for (owner, count) in byOwner.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) })
      .dropFirst(Self.mostOwners) where owner != Occupancy.nobody
    {
      byOwner[owner] = nil
      byOwner[Occupancy.nobody, default: 0] =
        byOwner[Occupancy.nobody, default: 0].addingClamped(count)
    }
    var evidence: [Evidence] = byOwner.sorted { $0.key < $1.key }.map {
      .overwritten($0.value, by: $0.key == Occupancy.nobody ? "" : name($0.key))
    }
    if unsure > 0 { evidence.append(.allocationUnknown(unsure)) }
    return evidence
  }
}
