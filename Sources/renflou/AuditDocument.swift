// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Recovery

/// `verify --json`, and its tally.
struct AuditDocument: Encodable {
  /// Bytes of a file or of the source: from `start`, `length` long.
  struct Span: Encodable {
    let start: UInt64
    let length: UInt64

    init(_ range: Range<ByteOffset>) {
      start = range.lowerBound.rawValue
      length = range.length.rawValue
    }
  }

  struct Entry: Encodable {
    let path: String
    /// The path's bytes, where they are no UTF-8.
    let rawPath: [UInt8]?
    let outcome: String
    let movedTo: String?
    let expectedSize: UInt64?
    let size: UInt64?
    /// The first byte that differs.
    let firstDifference: UInt64?
    let differences: [Span]?
    /// Whether more differs than is listed.
    let isCutShort: Bool?
    /// Where that should have come from.
    let onSource: [Span]?
    let unread: UInt64?
    let brokenAt: UInt64?
    /// Nanoseconds since 1970.
    let expectedTime: Int64?
    let time: Int64?
    /// In octal digits.
    let expectedMode: String?
    let mode: String?
    let expectedTotals: String?
    let totals: String?

    init(_ entry: AuditEntry) {
      path = String(decoding: entry.path, as: UTF8.self)
      rawPath = String(validating: entry.path, as: UTF8.self) == nil ? entry.path : nil
      outcome = entry.outcome.rawValue
      movedTo = entry.target.map { String(decoding: $0, as: UTF8.self) }
      expectedSize = entry.expectedSize?.rawValue
      size = entry.size?.rawValue
      firstDifference = entry.difference?.first.rawValue
      differences = entry.difference?.ranges.map(Span.init)
      isCutShort = entry.difference?.isCutShort
      onSource = entry.difference == nil ? nil : entry.places.map(Span.init)
      unread = entry.unread > 0 ? entry.unread.rawValue : nil
      brokenAt = entry.brokenAt?.rawValue
      expectedTime = entry.times?.expected.nanoseconds
      time = entry.times?.found.nanoseconds
      expectedMode = entry.modes.map { String($0.expected, radix: 8) }
      mode = entry.modes.map { String($0.found, radix: 8) }
      expectedTotals = entry.totals?.expected.description
      totals = entry.totals?.found.description
    }
  }

  let schema = "renflou-verify-1"
  private(set) var counts: [String: Int]
  /// All that did not match.
  private(set) var differences: [Entry] = []

  init() {
    counts = Dictionary(
      uniqueKeysWithValues: AuditEntry.Outcome.allCases.map { ($0.rawValue, 0) })
  }

  /// Whether all is as it should be, and nothing else is there.
  var isClean: Bool { differences.isEmpty }

  func number(of outcome: AuditEntry.Outcome) -> Int { counts[outcome.rawValue] ?? 0 }

  mutating func count(_ entry: AuditEntry) {
    counts[entry.outcome.rawValue, default: 0] += 1
    if entry.outcome != .matched { differences.append(Entry(entry)) }
  }
}
