// SPDX-License-Identifier: Apache-2.0

import Findings

/// Moments as text files write them.
enum TextDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// "2024-02-03T04:05:06Z", "20240203T040506", with or without time and zone.
  ///
  /// - Source: ISO 8601; RFC 3339.
  static func iso(_ text: String) -> Timestamp? {
    var rest = Array(text.utf8.prefix(40))[...]
    guard let year = number(&rest, digits: 4) else { return nil }
    skip(&rest, "-")
    guard let month = number(&rest, digits: 2) else { return nil }
    skip(&rest, "-")
    guard let day = number(&rest, digits: 2) else { return nil }
    var time = [0, 0, 0]
    if let mark = rest.first, mark == 0x54 || mark == 0x20 {
      rest = rest.dropFirst()
      for place in 0..<3 {
        skip(&rest, ":")
        guard let part = number(&rest, digits: 2) else { break }
        time[place] = part
      }
      if rest.first == 0x2E { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
    }
    return moment([year, month, day] + time, zone: zone(rest))
  }

  /// "Wed, 17 May 2000 23:08:29 -0400", the day's name and the seconds being optional.
  ///
  /// - Source: RFC 5322, §3.3 "Date and Time Specification".
  static func mail(_ text: String) -> Timestamp? {
    let words = text.prefix(80).split { $0 == " " || $0 == "\t" || $0 == "," }
      .map(String.init)
    guard let place = words.firstIndex(where: { month($0) != nil }), place > 0,
      words.count > place + 2, let month = month(words[place]), let day = Int(words[place - 1]),
      var year = Int(words[place + 1])
    else { return nil }
    if year < 50 { year += 2000 } else if year < 100 { year += 1900 }
    let time = words[place + 2].split(separator: ":").compactMap { Int($0) }
    guard time.count >= 2 else { return nil }
    let mark = text.prefix(80).lastIndex { $0 == "+" || $0 == "-" }
    let zone = mark.map { Self.zone(Array(text[$0...].utf8.prefix(5))[...]) } ?? 0
    return moment([year, month, day, time[0], time[1], time.count > 2 ? time[2] : 0], zone: zone)
  }

  /// What programs write that keep to no standard: one of the above, the C library's "Wed Nov 20
  /// 00:23:10 2013", or numbers alone.
  static func loose(_ text: String) -> Timestamp? {
    if let date = iso(text) ?? mail(text) { return date }
    let words = text.prefix(80).split { $0 == " " || $0 == "," }.map(String.init)
    guard let place = words.firstIndex(where: { month($0) != nil && $0.utf8.count >= 3 }),
      words.count > place + 1, let month = month(words[place]), let day = Int(words[place + 1]),
      let year = words[place...].compactMap({ Int($0) }).first(where: { $0 > 1000 })
    else { return nil }
    let time =
      words[place...].first { $0.contains(":") }?.split(separator: ":")
      .compactMap { Int($0) } ?? []
    guard time.count >= 2 else { return Timestamp(year: year, month: month, day: day) }
    return moment([year, month, day, time[0], time[1], time.count > 2 ? time[2] : 0], zone: 0)
  }

  private static func month(_ word: String) -> Int? {
    months.firstIndex(of: String(word.prefix(3)).lowercased()).map { $0 + 1 }
  }

  private static func moment(_ parts: [Int], zone: Int) -> Timestamp? {
    guard parts.count == 6,
      let local = Timestamp(
        year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
        second: parts[5])
    else { return nil }
    return Timestamp(seconds: local.nanoseconds / 1_000_000_000 - Int64(zone))
  }

  /// "+0130" or "-01:30" in seconds; 0 for none.
  private static func zone(_ text: ArraySlice<UInt8>) -> Int {
    guard let sign = text.first, sign == 0x2B || sign == 0x2D else { return 0 }
    var rest = text.dropFirst()
    guard let hours = number(&rest, digits: 2) else { return 0 }
    skip(&rest, ":")
    let seconds = hours * 3600 + (number(&rest, digits: 2) ?? 0) * 60
    return sign == 0x2D ? -seconds : seconds
  }

  private static func number(_ text: inout ArraySlice<UInt8>, digits: Int) -> Int? {
    let part = text.prefix(digits)
    guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    text = text.dropFirst(digits)
    return part.reduce(0) { $0 * 10 + Int($1 & 0xF) }
  }

  private static func skip(_ text: inout ArraySlice<UInt8>, _ mark: String) {
    if text.first == mark.utf8.first { text = text.dropFirst() }
  }
}
