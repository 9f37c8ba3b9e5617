// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Findings
import Foundation

/// A date, or a date and time, in local time: `2026-03-14`, `2026-03-14T09:30`, `2026-03-14 09:30:05`.
struct DateArgument: ExpressibleByArgument {
  /// The first moment that it means.
  let start: Timestamp
  /// The last moment that it means.
  let end: Timestamp

  init?(argument: String) {
    let parts = argument.split(whereSeparator: { "-T: ".contains($0) }).map { Int($0) }
    guard (3...6).contains(parts.count), parts.count != 4, !parts.contains(nil) else { return nil }
    let numbers = parts.compactMap { $0 }
    let time = numbers.dropFirst(3) + [0, 0, 0]
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .current
    let components = DateComponents(
      year: numbers[0], month: numbers[1], day: numbers[2],
      hour: time[3], minute: time[4], second: time[5])
    guard components.isValidDate(in: calendar), let date = calendar.date(from: components),
      (1700...2200).contains(numbers[0])
    else { return nil }
    let unit = numbers.count == 3 ? Calendar.Component.day : numbers.count == 5 ? .minute : .second
    guard let next = calendar.date(byAdding: unit, value: 1, to: date),
      let start = Timestamp(seconds: Int64(date.timeIntervalSince1970)),
      let end = Timestamp(seconds: Int64(next.timeIntervalSince1970) - 1, nanoseconds: 999_999_999)
    else { return nil }
    self.start = start
    self.end = end
  }
}
