// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where the clusters of a FAT or exFAT volume lie in its source.
package struct ClusterSpace: Sendable {
  private let source: Source
  /// The byte at which cluster 2 starts.
  private let start: UInt64
  private let clusterSize: UInt64

  package init(_ source: Source, start: UInt64, clusterSize: UInt64) {
    self.source = source
    self.start = start
    self.clusterSize = clusterSize
  }

  /// The bytes of a file on the medium: its runs, cut to its size. What is lost is lost, and so is
  /// whatever the source does not hold; how much that is, is `beyond`.
  package func extents(
    of runs: [(run: ClusterRun, isLost: Bool)], size: ByteCount
  ) -> (content: [Extent], beyond: ByteCount) {
    var content: [Extent] = []
    var rest = size
    var beyond: ByteCount = 0
    for (run, isLost) in runs where rest > 0 {
      let count = min(rest, ByteCount(UInt64(run.count) &* clusterSize))
      rest = rest.subtractingClamped(count)
      if isLost {
        content.append(Extent(.lost, count: count))
        continue
      }
      let place = ByteOffset(start &+ UInt64(run.start &- 2) &* clusterSize)
      let inside = min(
        count, (min(place, source.range.upperBound)..<source.range.upperBound).length)
      if inside > 0, let extents = try? source.onMedium(place..<place.advancedClamped(by: inside)) {
        content += extents
      }
      if inside < count {
        beyond = beyond.addingClamped(count.subtractingClamped(inside))
        content.append(Extent(.lost, count: count.subtractingClamped(inside)))
      }
    }
    if rest > 0 { content.append(Extent(.lost, count: rest)) }
    return (content, beyond)
  }
}
