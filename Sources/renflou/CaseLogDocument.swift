// SPDX-License-Identifier: Apache-2.0

import Case
import Checksums
import Findings

/// `case log --json`.
struct CaseLogDocument: Encodable {
  struct Entry: Encodable {
    let line: Int
    /// Nanoseconds since 1970, UTC.
    let at: Int64
    let event: String
    let detail: String
    /// SHA-256 over the hash of the line before and this line.
    let hash: String
  }

  let schema = "renflou-case-log-1"
  let lines: [Entry]

  init(_ lines: [LogLine]) {
    self.lines = lines.map {
      Entry(
        line: $0.number, at: $0.at.nanoseconds, event: $0.event, detail: $0.detail,
        hash: $0.hash.hexadecimal)
    }
  }
}
