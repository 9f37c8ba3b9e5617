// SPDX-License-Identifier: Apache-2.0

import Findings
import Foundation
import GRDB

extension Case {
  /// Gives a finding the place, name, times and evidence of `finding`, and takes out the findings that told
  /// of them, in one transaction.
  package func rename(_ id: Int64, to finding: Finding, insteadOf others: [Int64]) throws {
    let prefixes = try folderNames()
    try write { database in
      let key = FolderKey(
        volume: finding.hasVolumePath ? finding.volume : 0, components: finding.folder)
      let folder = try Self.folderID(key, prefix: prefixes[key.volume], in: database)
      var evidence = ByteWriter()
      evidence.put(finding.evidence)
      try database.execute(
        sql: """
          UPDATE finding SET volume = ?, folder = ?, name = ?, created = ?, modified = ?, changed = ?,
            accessed = ?, verdict = ?, evidence = ? WHERE id = ?
          """,
        arguments: [
          Int64(finding.volume), folder, finding.name.map { Data($0.bytes) },
          finding.times.created?.nanoseconds, finding.times.modified?.nanoseconds,
          finding.times.changed?.nanoseconds, finding.times.accessed?.nanoseconds,
          Int64(finding.verdict.rawValue), Data(evidence.bytes), id,
        ])
      for other in others {
        try database.execute(sql: "DELETE FROM finding WHERE id = ?", arguments: [other])
      }
    }
  }
}
