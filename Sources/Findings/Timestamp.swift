// SPDX-License-Identifier: Apache-2.0

/// A moment, in nanoseconds since 1970-01-01 00:00 UTC.
package struct Timestamp: Hashable, Sendable, Comparable {
  package let nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Nil where 64 bits of nanoseconds (years 1677 to 2262) cannot hold it.
  package init?(seconds: Int64, nanoseconds: Int64 = 0) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(nanoseconds)
    if overflow || carry { return nil }
    self.nanoseconds = sum
  }

  /// A civil date and time in UTC; nil where a part is out of range.
  ///
  /// - Source: H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, "days_from_civil".
  package init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (1600...2262).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    self.init(seconds: Int64(days * 86_400 + hour * 3_600 + minute * 60 + second))
  }

  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}
