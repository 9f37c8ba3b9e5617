// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Reporting

/// What goes into a delivery and under which names: a function of the case, the filters and the choices
/// alone, so that a delivery that was stopped goes on.
package struct DeliveryPlan: Sendable {
  /// What comes of one wish.
  package struct WishCount: Sendable {
    package let wish: Wish
    package var whole = 0
    package var doubtful = 0
    package var damaged = 0
    /// Files of which the name alone is left.
    package var lost = 0
    /// Files that were found, but that no recovery wrote yet.
    package var notRecovered = 0
  }

  /// In the order of wishes, then of paths.
  package private(set) var files: [DeliveryFile] = []
  /// Damaged files that were not asked for.
  package private(set) var leftOut: [DeliveryFile] = []
  package private(set) var wishes: [WishCount]
  /// Files whose content another one of the delivery has.
  package private(set) var twins = 0
  package private(set) var known = 0
  /// Deleted files that were found, but that no recovery wrote.
  package private(set) var notRecovered = 0

  package var bytes: ByteCount { files.reduce(0) { $0.addingClamped($1.size) } }
  package var damaged: Int { files.count { $0.isDamaged } }
  package var doubtful: Int { files.count { $0.isDoubtful } }

  /// Reads the case.
  ///
  /// - Parameter withDamaged: whether damaged files are delivered, in a folder of their own.
  package init(
    _ record: Case, query: Query, language: Language, withDamaged: Bool
  ) throws {
    let wishes = try record.wishes()
    self.wishes = wishes.map { WishCount(wish: $0) }
    // For each wish, then for the rest: what has a path, then what has none.
    var sorted = [[Candidate]](repeating: [], count: 2 * (wishes.count + 1))
    let ranks = try Self.ranks(of: wishes, in: record)
    var best: [[UInt8]: Verdict] = [:]
    var query = query
    query.kinds = [.file]
    try record.eachWithWritten(query) { id, finding, written in
      guard let written else {
        count(finding, rank: ranks[id])
        return true
      }
      if written.outcome == .known {
        known += 1
        return true
      }
      let verdict = finding.verdict
      best[written.path] = min(best[written.path] ?? verdict, verdict)
      sorted[2 * (ranks[id] ?? wishes.count) + (finding.hasVolumePath ? 0 : 1)].append(
        Candidate(
          id: id, finding: Self.withoutContent(finding), written: written,
          wish: ranks[id].map { wishes[$0].number }))
      return true
    }
    let names = try DeliveryNames(record, language: language, wishes: wishes)
    var paths = PathAllotment()
    var seen: Set<[UInt8]> = []
    for candidate in sorted.joined() {
      let written = candidate.written
      guard seen.insert(written.path).inserted else {
        twins += 1
        continue
      }
      let verdict = best[written.path] ?? written.verdict
      let isDamaged = DeliveryFile.isDamaged(verdict, missing: written.missing)
      let raw = names.components(
        of: candidate.finding, id: candidate.id, wish: candidate.wish, isDamaged: isDamaged)
      let file = DeliveryFile(
        id: candidate.id, origin: written.path, components: paths.path(for: raw),
        originalPath: names.originalPath(of: candidate.finding, id: candidate.id),
        size: written.size, sha256: written.sha256, type: candidate.finding.type,
        modified: candidate.finding.times.modified, verdict: verdict,
        evidence: verdict < .guessed && !isDamaged
          ? [] : candidate.finding.evidence,
        missing: written.missing, wish: candidate.wish)
      count(file)
      if isDamaged, !withDamaged { leftOut.append(file) } else { files.append(file) }
    }
  }

  /// Counts a file that was not written.
  private mutating func count(_ finding: Finding, rank: Int?) {
    if finding.verdict == .nameOnly {
      if let rank { wishes[rank].lost += 1 }
    } else {
      if let rank { wishes[rank].notRecovered += 1 }
      if finding.isDeleted { notRecovered += 1 }
    }
  }

  private mutating func count(_ file: DeliveryFile) {
    guard let index = wishes.firstIndex(where: { $0.wish.number == file.wish }) else { return }
    if file.isDamaged {
      wishes[index].damaged += 1
    } else if file.isDoubtful {
      wishes[index].doubtful += 1
    } else {
      wishes[index].whole += 1
    }
  }

  /// A finding that was written.
  private struct Candidate {
    let id: Int64
    let finding: Finding
    let written: WrittenRecord
    let wish: Int?
  }

  /// Where a file's bytes were is of no concern here, and may be long.
  private static func withoutContent(_ finding: Finding) -> Finding {
    var finding = finding
    finding.content = []
    return finding
  }

  /// The first wish that each finding matches, by its place in the list.
  private static func ranks(of wishes: [Wish], in record: Case) throws -> [Int64: Int] {
    var ranks: [Int64: Int] = [:]
    for (rank, wish) in wishes.enumerated() {
      for query in wish.queries {
        try record.each(query) { id, _ in
          if ranks[id] == nil { ranks[id] = rank }
          return true
        }
      }
    }
    return ranks
  }
}
