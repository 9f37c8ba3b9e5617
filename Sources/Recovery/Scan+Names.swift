// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

extension Scan {
  /// Lets carved files that have no name take that of an entry whose content is lost, where their sizes
  /// tell that they belong together; see `SizeMatch`.
  func matchNames() throws {
    guard settings.carves else { return }
    let match = SizeMatch(names: try lostContents(), contents: try namelessContents())
    for (content, names) in match.pairs() {
      try observer.check()
      guard var finding = try record.finding(content), let first = names.first,
        let entry = try record.finding(first)
      else { continue }
      finding.volume = entry.volume
      finding.folder = entry.folder
      finding.name = entry.name
      finding.times = entry.times
      finding.evidence.append(.nameFromSize)
      try record.rename(content, to: finding, insteadOf: names)
    }
  }

  private func lostContents() throws -> [SizeMatch.Side] {
    var query = Query()
    query.show = .all
    query.kinds = [.file]
    query.verdicts = [.nameOnly]
    query.origins = [.undelete, .journal]
    query.minimumSize = 1
    var sides: [SizeMatch.Side] = []
    try record.each(query) { id, finding in
      if let name = finding.name {
        sides.append(
          SizeMatch.Side(
            id: id, size: finding.size, type: name.pathExtension,
            place: (finding.folder ?? []) + [name]))
      }
      return true
    }
    return sides
  }

  private func namelessContents() throws -> [SizeMatch.Side] {
    var query = Query()
    query.show = .all
    query.origins = [.carve]
    query.verdicts = [.verified, .intact, .probable, .guessed]
    query.minimumSize = 1
    var sides: [SizeMatch.Side] = []
    try record.each(query) { id, finding in
      if !finding.hasVolumePath {
        sides.append(SizeMatch.Side(id: id, size: finding.size, type: finding.type, place: []))
      }
      return true
    }
    return sides
  }
}
