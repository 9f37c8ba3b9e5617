// SPDX-License-Identifier: Apache-2.0

import Findings

/// The name of an older version of a file: with the time at which it was written.
enum VersionName {
  /// `letter.odt` of a minute becomes `letter (2024-05-01 12.30).odt`.
  static func name(_ name: RawName, _ time: Timestamp?) -> RawName {
    guard let time else { return name }
    let dot = name.bytes.lastIndex(of: 0x2E) ?? 0
    let stem = dot > 0 ? name.bytes[..<dot] : name.bytes[...]
    return RawName(stem + Array(" (\(minute(time)))".utf8) + name.bytes[stem.count...])
  }

  /// In UTC, without characters that a file system refuses.
  ///
  /// - Source: H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, "civil_from_days".
  private static func minute(_ time: Timestamp) -> String {
    let (whole, part) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let seconds = part < 0 ? whole - 1 : whole
    let days = (seconds - (seconds < 0 ? 86_399 : 0)) / 86_400
    let rest = seconds - days * 86_400
    let shifted = days + 719_468
    let era = (shifted - (shifted < 0 ? 146_096 : 0)) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fifth = (5 * dayOfYear + 2) / 153
    let month = fifth < 10 ? fifth + 3 : fifth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let day = dayOfYear - (153 * fifth + 2) / 5 + 1
    func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(year)-\(two(month))-\(two(day)) \(two(rest / 3_600)).\(two(rest / 60 % 60))"
  }
}
