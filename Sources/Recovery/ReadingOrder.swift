// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Volumes

/// What of a disk is to be read first, found by looking at its file systems.
package struct ReadingOrder: Sendable {
  /// What a technician wants first.
  package enum Wish: Sendable {
    /// What partitions and file systems are made of, so that the tree of folders can be browsed.
    case metadata
    /// Files whose path or name matches.
    case files(String)
    /// Files that one of these queries selects: a wish of the customer's, in their words.
    case wished(String, [Query])
    /// Everything that file systems say is in use.
    case used
  }

  /// The ranges of each wish, in their order, without what earlier ones hold.
  package private(set) var domains: [RangeSet<ByteOffset>] = []
  /// How many files each wish for files found, and their bytes.
  package private(set) var files: [(pattern: String, count: Int, bytes: ByteCount)] = []

  /// Looks at a source; the wish for metadata is granted by looking.
  package init(_ source: Source, wishes: [Wish], isCancelled: () -> Bool) throws {
    guard !wishes.isEmpty else { return }
    let probe = Probe(source)
    var found = [[Range<ByteOffset>]](repeating: [], count: wishes.count)
    var counts = [Int](repeating: 0, count: wishes.count)
    let sieves = wishes.map { wish -> [FileSieve] in
      switch wish {
      case .files(let pattern): [FileSieve(Glob(pattern))]
      case .wished(_, let queries): queries.map(FileSieve.init)
      case .metadata, .used: []
      }
    }
    for slice in probe.slices {
      guard let volume = slice.volume, !slice.isOverlaid else { continue }
      try volume.visitPresent(number: slice.number) { finding in
        if isCancelled() { throw Cancelled() }
        guard finding.kind == .file else { return }
        guard let index = sieves.firstIndex(where: { $0.contains { $0.passes(finding) } })
        else { return }
        counts[index] += 1
        found[index] += finding.content.compactMap(\.range)
      }
      for (index, wish) in wishes.enumerated() {
        guard case .used = wish else { continue }
        let allocation = volume.allocation()
        found[index] += allocation.allocated.union(allocation.unknown).ranges
      }
    }
    var earlier = RangeSet<ByteOffset>()
    for (index, wish) in wishes.enumerated() {
      let domain = RangeSet(unsorted: found[index]).subtracting(earlier)
      earlier.formUnion(domain)
      if let name = wish.name {
        let bytes = domain.ranges.reduce(ByteCount(0)) { $0.addingClamped($1.length) }
        files.append((name, counts[index], bytes))
      }
      if !domain.isEmpty { domains.append(domain) }
    }
  }
}

extension ReadingOrder.Wish {
  /// What a wish for files goes by.
  fileprivate var name: String? {
    switch self {
    case .files(let pattern): pattern
    case .wished(let words, _): words
    case .metadata, .used: nil
    }
  }
}
