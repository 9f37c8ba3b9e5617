// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a case's log, and where it begins.
package struct LogFault: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case changed, removed, added
    /// The second record of the hashes is not there: whether last lines were removed cannot be told.
    case unrecorded
  }

  package let kind: Kind
  /// The number that the line has, or had; 0 for none.
  package let line: Int

  /// - Parameters:
  ///   - recorded: the second record of the hashes.
  ///   - hash: what the hash of a line must be after that of the line before.
  static func first(
    in lines: [LogLine], recorded: LogHashes.Recorded?,
    hash: (_ before: [UInt8], _ line: LogLine) -> [UInt8]
  ) -> LogFault? {
    var expected = recorded?.hashes ?? [:]
    if let pending = recorded?.pending, lines.last?.hash == pending.hash {
      expected[pending.line] = pending.hash
    }
    let last = expected.keys.max() ?? 0
    var before: [UInt8] = []
    for (index, line) in lines.enumerated() {
      let number = index + 1
      if line.number > number { return LogFault(kind: .removed, line: number) }
      guard line.number == number else { return LogFault(kind: .added, line: line.number) }
      let isAsRecorded = expected[number].map { $0 == line.hash } ?? true
      guard hash(before, line) == line.hash, isAsRecorded else {
        return LogFault(kind: kind(at: index, lines, expected, last), line: number)
      }
      before = line.hash
    }
    guard recorded != nil else { return lines.isEmpty ? nil : LogFault(kind: .unrecorded, line: 0) }
    if last > lines.count { return LogFault(kind: .removed, line: lines.count + 1) }
    return last < lines.count ? LogFault(kind: .added, line: last + 1) : nil
  }

  /// What was done where the first line does not fit: how many lines there are should be as recorded,
  /// unless some were put in or taken out.
  private static func kind(
    at index: Int, _ lines: [LogLine], _ expected: [Int: [UInt8]], _ last: Int
  ) -> Kind {
    if lines.count > last, last > 0 { return .added }
    return lines.count < last ? .removed : .changed
  }
}
