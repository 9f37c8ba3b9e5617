// SPDX-License-Identifier: Apache-2.0

import Case
import Findings
import Foundation
import Storage

/// The chain of custody: each command that opens a source for a case, or writes from one, leaves a line
/// in the case's log. Its words are English in every language, as the log's are.
enum Custody {
  private static let event = "command"

  /// Notes the command in the case, if there is one, does the work, and notes how long it took the machine, however it ends.
  static func keep<Value>(
    in record: Case?, source: String?, _ work: () throws -> Value
  ) throws -> Value {
    guard let record else { return try work() }
    try note(in: record, source: source)
    if let source { try noteHealth(of: source, "before", in: record) }
    let began = currentTime()
    let clock = ContinuousClock.now
    do {
      let value = try work()
      try addTime(to: record, began: began, clock.duration(to: .now))
      if let source { try noteHealth(of: source, "after", in: record) }
      return value
    } catch {
      // The first error is the one to tell of.
      try? addTime(to: record, began: began, clock.duration(to: .now))
      if let source { try? noteHealth(of: source, "after", in: record) }
      throw error
    }
  }

  /// - Parameter source: the path of what is open.
  static func note(in record: Case, source: String?) throws {
    let now = currentTime()
    var parts = [
      CommandWords(CommandLine.arguments).text, "renflou \(Renflou.version)",
      "host \(ProcessInfo.processInfo.hostName)", "user \(NSUserName())", moment(now),
    ]
    if let source { parts.append(opening(of: source)) }
    try record.log(event, parts.joined(separator: "; "), at: now)
  }

  private static func addTime(to record: Case, began: Timestamp, _ taken: Duration) throws {
    let seconds = taken.components.seconds
    guard seconds > 0 else { return }
    let name = CommandLine.arguments.dropFirst().first ?? ""
    try record.add(WorkTime(kind: .machine, began: began, seconds: seconds, words: name))
  }

  /// A moment in UTC, and in local time with its offset.
  private static func moment(_ time: Timestamp) -> String {
    let date = Date(timeIntervalSince1970: Double(time.nanoseconds / 1_000_000_000))
    let local = Date.ISO8601FormatStyle(timeZone: .current)
      .year().month().day().timeZone(separator: .colon).time(includingFractionalSeconds: false)
    return "\(date.formatted(.iso8601)), local \(date.formatted(local))"
  }

  private static func opening(of path: String) -> String {
    let modes = OpenMode.all(of: path)
    let flags = Set(modes.map { "0" + String($0.flags, radix: 8) }).sorted()
    var words = "source \(CommandWords.quoted(path)) "
    if modes.isEmpty {
      words += "not held open by its path"
    } else if modes.allSatisfy(\.isReadOnly) {
      words += "open O_RDONLY (kernel flags \(flags.joined(separator: ", ")))"
    } else {
      words += "OPEN FOR WRITING (kernel flags \(flags.joined(separator: ", ")))"
    }
    if SystemFiles().status(path)?.blockDevice != nil {
      switch ReadOnlyFlag.isSet(on: path) {
      case true?: words += ", kernel read-only flag set"
      case false?: words += ", kernel read-only flag not set"
      case nil: words += ", kernel read-only flag unknown"
      }
    }
    return words
  }
}
