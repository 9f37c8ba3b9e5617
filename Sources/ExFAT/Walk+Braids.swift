// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension Walk {
  private static var mostFiles: Int { 16 }

  /// Lays out files that were written at the same time, where what they have fits between the first
  /// one's start and the next file's, and the ends of the files say how.
  ///
  /// - Parameters:
  ///   - jobs: files of which only the start is known, by start.
  ///   - claims: whose clusters are known.
  /// - Returns: the clusters of each file that was laid out, by its place in `jobs`.
  func braids(_ jobs: [Job], _ claims: inout Claims) -> [Int: [ClusterRun]] {
    var result: [Int: [ClusterRun]] = [:]
    var first = 0
    while first < jobs.count {
      let group = braid(from: first, jobs, &claims)
      result.merge(group) { $1 }
      first += max(1, group.count)
    }
    return result
  }

  private func braid(
    from first: Int, _ jobs: [Job], _ claims: inout Claims
  ) -> [Int: [ClusterRun]] {
    var wanted = jobs[first...].prefix(Self.mostFiles).map { boot.clusters(for: $0.set.size) }
    let total = wanted.reduce(UInt32(0)) { $0.addingReportingOverflow($1).partialValue }
    guard claims.spend([ClusterRun(start: 0, count: min(total, clusterEnd))]) else { return [:] }
    let free = FreeRuns(
      from: jobs[first].set.start, wanted: total, map, claims, end: clusterEnd)
    var places: [UInt32] = []
    var missing: UInt64 = 0
    for (index, count) in wanted.enumerated() {
      // A start that is not free, or two of one place, are no matter of turns.
      guard let place = free.place(of: jobs[first + index].set.start),
        places.last.map({ $0 < place }) ?? (place == 0)
      else { return [:] }
      places.append(place)
      missing &+= UInt64(count)
      let next = first + index + 1
      let end = next < jobs.count ? free.place(of: jobs[next].set.start) : free.count
      guard missing <= UInt64(end ?? free.count) else { continue }
      wanted = Array(wanted.prefix(index + 1))
      return Braid(starts: places, wanted: wanted)
        .flatMap { layout($0, of: jobs[first...index + first], free, &claims) } ?? [:]
    }
    return [:]
  }

  /// The layout that the ends of the files speak for; nil where they do not.
  private func layout(
    _ braid: Braid, of jobs: ArraySlice<Job>, _ free: FreeRuns, _ claims: inout Claims
  ) -> [Int: [ClusterRun]]? {
    var best: (fit: Double, parts: [Braid.Part])?
    for piece in braid.lastPieces {
      guard let parts = braid.layout(lastPiece: piece),
        claims.spend([ClusterRun(start: 0, count: UInt32(clamping: parts.count))])
      else { continue }
      let fit = self.fit(parts, jobs, free)
      if fit > best?.fit ?? 0 { best = (fit, parts) }
    }
    return best.map { best in
      Dictionary(grouping: best.parts) { jobs.startIndex + $0.file }.mapValues { parts in
        parts.flatMap { free.clusters(from: $0.start, count: $0.count) }
      }
    }
  }

  /// How well all files end there.
  private func fit(_ parts: [Braid.Part], _ jobs: ArraySlice<Job>, _ free: FreeRuns) -> Double {
    var ends = [UInt32](repeating: 0, count: jobs.count)
    for part in parts { ends[part.file] = part.end &- 1 }
    return zip(ends, jobs).reduce(0) { sum, pair in
      guard let cluster = free.clusters(from: pair.0, count: 1).first else { return sum - 3 }
      return sum
        + FileTail.fit(
          size: pair.1.set.size, cluster: ByteOffset(boot.offset(of: cluster.start)),
          clusterSize: boot.clusterSize, sector: boot.sectorSize, in: source)
    }
  }
}
