// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// How many files are whole, damaged and lost, by kind.
struct Tally {
  struct Counts {
    var whole = 0
    var bytes: ByteCount = 0
    var damaged = 0
    var lost = 0
  }

  private(set) var kinds: [FileKind: Counts] = [:]

  init(_ request: ReportRequest, kindOf: (String) -> FileKind) throws {
    try request.eachFile { file in
      var counts = kinds[kindOf(file.finding.type)] ?? Counts()
      switch file.verdict {
      case .verified, .intact, .probable:
        counts.whole += 1
        counts.bytes = counts.bytes.addingClamped(file.finding.size)
      case .guessed, .partial: counts.damaged += 1
      case .nameOnly: counts.lost += 1
      }
      kinds[kindOf(file.finding.type)] = counts
    }
  }

  var whole: Int { kinds.values.reduce(0) { $0 + $1.whole } }
  var damaged: Int { kinds.values.reduce(0) { $0 + $1.damaged } }
}
