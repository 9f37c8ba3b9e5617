// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// What the findings of volumes already own, so that carving leaves it alone.
struct Claims {
  /// Bytes of live files, and of deleted ones that can be trusted.
  private(set) var ranges = RangeSet<ByteOffset>()
  /// Deleted files of doubtful content, by the byte at which they start: what is carved there
  /// gets their name, and a fragment there is not worth a second finding.
  private(set) var starts: [ByteOffset: Finding] = [:]

  init(of record: Case) throws {
    var claimed: [Range<ByteOffset>] = []
    var starts: [ByteOffset: Finding] = [:]
    var query = Query()
    query.show = .all
    query.origins = [.live, .undelete, .journal]
    try record.each(query) { _, finding in
      if Self.isTrusted(finding) {
        claimed += finding.content.mediumRanges
      } else if let start = finding.content.first?.range?.lowerBound, finding.name != nil,
        starts[start].map({ finding.verdict < $0.verdict }) ?? true
      {
        starts[start] = finding
      }
      return true
    }
    ranges = RangeSet(unsorted: claimed)
    self.starts = starts
  }

  /// A journal's copy of a block list is as good as a checked content; a guess of FAT is not.
  private static func isTrusted(_ finding: Finding) -> Bool {
    finding.origin == .live || finding.verdict <= .probable
  }
}
