// SPDX-License-Identifier: Apache-2.0

import Findings

/// The dates that cameras write into AVI and Wave files.
enum RIFFDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// `Mon Mar 10 15:04:43 2003`, `2003:03:10 15:04:43` or `2003-03-10`.
  static func moment(_ text: String?) -> Timestamp? {
    guard let text else { return nil }
    if let moment = EXIF.moment(text) { return moment }
    let words = text.split { " :-/".contains($0) }.map { $0.lowercased() }
    if words.count >= 7, let month = months.firstIndex(of: words[1]), let day = Int(words[2]),
      let hour = Int(words[3]), let minute = Int(words[4]), let second = Int(words[5]),
      let year = Int(words[6])
    {
      return Timestamp(
        year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }
    let numbers = words.prefix(3).compactMap { Int($0) }
    guard numbers.count == 3, numbers[0] > 1900 else { return nil }
    return Timestamp(year: numbers[0], month: numbers[1], day: numbers[2])
  }
}
