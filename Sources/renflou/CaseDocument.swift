// SPDX-License-Identifier: Apache-2.0

import Case
import Checksums
import Findings

/// `case show --json`: what people say of a job.
struct CaseDocument: Encodable {
  struct WishEntry: Encodable {
    let number: Int
    let words: String
    let patterns: [String]
    let types: [String]
    /// Nanoseconds since 1970, UTC.
    let since: Int64?
    let until: Int64?
  }

  struct TimeEntry: Encodable {
    /// `handsOn` or `machine`.
    let kind: String
    /// Nanoseconds since 1970, UTC.
    let began: Int64
    let seconds: Int64
    let words: String
  }

  struct AttachmentEntry: Encodable {
    let name: String
    let words: String
    let sha256: String
  }

  enum CodingKeys: CodingKey { case schema, source, fields, wishes, times, attachments }

  let schema = "renflou-case-1"
  let source: String
  let fields: [String: String]
  let wishes: [WishEntry]
  let times: [TimeEntry]
  let attachments: [AttachmentEntry]
  let list: [Wish]

  init(_ record: Case) throws {
    source = try record.job().source
    fields = Dictionary(
      uniqueKeysWithValues: try record.intervention().texts.map { ($0.rawValue, $1) })
    list = try record.wishes()
    wishes = list.map {
      WishEntry(
        number: $0.number, words: $0.words, patterns: $0.patterns, types: $0.types.sorted(),
        since: $0.since?.nanoseconds, until: $0.until?.nanoseconds)
    }
    times = try record.workTimes().map {
      TimeEntry(
        kind: "\($0.kind)", began: $0.began.nanoseconds, seconds: $0.seconds, words: $0.words)
    }
    attachments = try record.attachments().map {
      AttachmentEntry(name: $0.name, words: $0.words, sha256: $0.sha256.hexadecimal)
    }
  }

  func seconds(of kind: WorkTime.Kind) -> Int64 {
    times.filter { $0.kind == "\(kind)" }.reduce(0) { $0 + $1.seconds }
  }
}
