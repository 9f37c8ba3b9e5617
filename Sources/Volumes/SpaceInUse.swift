// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What is in use on a volume today, and by whom: asked about the bytes that a deleted file had.
package struct SpaceInUse: Sendable {
  private let files: Occupancy
  package let allocated: Occupancy
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
    for range in content.mediumRanges {
      var taken = asksMap ? allocated.length(in: range) : 0
      for part in files.overlaps(range) {
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
    var evidence: [Evidence] = byOwner.sorted { $0.key < $1.key }.map {
      .overwritten($0.value, by: $0.key == Occupancy.nobody ? "" : name($0.key))
    }
    if unsure > 0 { evidence.append(.allocationUnknown(unsure)) }
    return evidence
  }
}
