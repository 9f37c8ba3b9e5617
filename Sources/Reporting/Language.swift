// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A language that reports are written in, with its ways of writing numbers, sizes and dates.
package enum Language: String, Sendable, CaseIterable {
  case english = "en"
  case french = "fr"

  /// The language that the environment asks for; English where it asks for another.
  ///
  /// - Source: GNU gettext manual, "Specifying a Priority List of Languages": `LANGUAGE` counts
  ///   unless the locale is C.
  package init(environment: [String: String]) {
    let locale =
      ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty } ?? "C"
    let isPlain = locale == "C" || locale == "POSIX" || locale.hasPrefix("C.")
    let wanted = isPlain ? [] : (environment["LANGUAGE"] ?? "").split(separator: ":")
    let known = (wanted + [locale[...]]).lazy.compactMap {
      Language(rawValue: String($0.prefix(2)).lowercased())
    }
    self = known.first ?? .english
  }

  /// The text of this language: both stand side by side, so that neither is forgotten.
  package func pick(_ english: String, _ french: String) -> String {
    switch self {
    case .english: english
    case .french: french
    }
  }

  /// A count with its noun; French has the singular for zero too.
  package func count(
    _ number: Int, _ english: (String, String), _ french: (String, String)
  ) -> String {
    let isOne = self == .english ? number == 1 : number < 2
    let (one, many) = self == .english ? english : french
    return self.number(number) + " " + (isOne ? one : many)
  }

  private var thousands: String { pick(",", "\u{202F}") }
  private var decimal: String { pick(".", ",") }

  /// A whole number in groups of three.
  package func number(_ number: Int) -> String { grouped(String(number)) }

  private func grouped(_ digits: String) -> String {
    let sign = digits.hasPrefix("-") ? "-" : ""
    var result = ""
    let plain = digits.dropFirst(sign.count)
    for (index, digit) in plain.enumerated() {
      if index > 0, (plain.count - index) % 3 == 0 { result += thousands }
      result.append(digit)
    }
    return sign + result
  }

  /// A size in powers of 1000, as disks are sold: "1.4 MB", "1,4 Mo".
  package func size(_ count: ByteCount) -> String {
    let bytes = count.rawValue
    let unit = pick("B", "o")
    guard bytes >= 1000 else { return "\(bytes) \(unit)" }
    var scale: UInt64 = 1000
    var index = 0
    let prefixes = Array(pick("kMGTPE", "kMGTPE"))
    while index + 1 < prefixes.count, bytes / scale >= 1000 {
      scale *= 1000
      index += 1
    }
    let tenths = bytes / (scale / 10)
    let whole = grouped(String(tenths / 10))
    let text = tenths >= 1000 ? whole : whole + decimal + String(tenths % 10)
    return "\(text) \(prefixes[index])\(unit)"
  }

  /// A share in hundredths of a per cent, rounded down: only what is whole is 100 %.
  package func percent(_ part: UInt64, of whole: UInt64) -> String {
    let share = whole == 0 ? 0 : UInt64(Double(part) / Double(whole) * 10_000)
    let hundredths = part < whole ? min(share, 9_999) : 10_000
    let rest = hundredths % 100
    return "\(hundredths / 100)\(decimal)\(rest < 10 ? "0" : "")\(rest)"
      + pick("%", "\u{202F}%")
  }

  /// A size to the byte.
  func exactSize(_ count: ByteCount) -> String {
    grouped(String(count.rawValue)) + " " + pick("bytes", "octets")
  }

  /// A moment in UTC, to the second: "2026-03-14 09:30:05", "14/03/2026 09:30:05".
  package func time(_ moment: Timestamp) -> String {
    let civil = CivilTime(moment)
    let clock = "\(two(civil.hour)):\(two(civil.minute)):\(two(civil.second))"
    return pick(
      "\(four(civil.year))-\(two(civil.month))-\(two(civil.day)) \(clock)",
      "\(two(civil.day))/\(two(civil.month))/\(four(civil.year)) \(clock)")
  }
}

/// A moment as a date and a time of day, in UTC.
///
/// - Source: H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, "civil_from_days".
struct CivilTime {
  let year: Int
  let month: Int
  let day: Int
  let hour: Int
  let minute: Int
  let second: Int
  let nanosecond: Int

  init(_ moment: Timestamp) {
    var seconds = moment.nanoseconds / 1_000_000_000
    var rest = moment.nanoseconds % 1_000_000_000
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000_000
    }
    var days = seconds / 86_400
    var clock = seconds % 86_400
    if clock < 0 {
      days -= 1
      clock += 86_400
    }
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * part + 2) / 5 + 1)
    month = Int(part < 10 ? part + 3 : part - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    hour = Int(clock / 3600)
    minute = Int(clock % 3600 / 60)
    second = Int(clock % 60)
    nanosecond = Int(rest)
  }

  /// As ISO 8601 has it, in UTC, with nanoseconds where there are any.
  var iso: String {
    let base =
      "\(four(year))-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))"
    guard nanosecond > 0 else { return base + "Z" }
    let digits = String(nanosecond)
    return base + "." + String(repeating: "0", count: 9 - digits.count) + digits + "Z"
  }
}

func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

func four(_ number: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
