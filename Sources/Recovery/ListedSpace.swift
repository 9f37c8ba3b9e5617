// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Volumes

/// Layouts of deleted files that lists of blocks in free space tell, and what they take from the
/// ground of carving.
struct ListedSpace {
  let layouts: [ListedLayout]
  /// The same, by where each file starts.
  private let starts: [ByteOffset: Int]

  /// Of no volume.
  init() { (layouts, starts) = ([], [:]) }

  /// Reads the free space of the volumes that keep such lists.
  init(_ probe: Probe) {
    var layouts: [ListedLayout] = []
    var starts: [ByteOffset: Int] = [:]
    for slice in probe.slices {
      for layout in slice.volume?.listedLayouts() ?? [] {
        guard let start = layout.content.first?.range?.lowerBound, starts[start] == nil else {
          continue
        }
        starts[start] = layouts.count
        layouts.append(layout)
      }
    }
    self.layouts = layouts
    self.starts = starts
  }

  /// What other files cannot consist of: files that were carved by their lists, as the case has them, to
  /// the ends of their last blocks, and the lists themselves.
  func taken(by record: Case) throws -> RangeSet<ByteOffset> {
    guard !layouts.isEmpty else { return RangeSet() }
    var taken = layouts.filter(\.isCertain).flatMap(\.lists)
    var query = Query()
    query.show = .all
    query.origins = [.carve]
    try record.each(query) { _, finding in
      if finding.evidence.contains(.blockListSurvived),
        let start = finding.content.first?.range?.lowerBound, let index = starts[start]
      {
        taken += layouts[index].content.mediumRanges + layouts[index].lists
      }
      return true
    }
    return RangeSet(unsorted: taken)
  }
}
