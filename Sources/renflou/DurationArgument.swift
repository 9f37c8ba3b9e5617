// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A length of time: `20m`, `90s`, `1h`, `1h30`, `30d`; a bare number is minutes.
struct DurationArgument: ExpressibleByArgument {
  let seconds: Int64

  /// A hundred years; no job is longer.
  private static let longest: Int64 = 36_525 * 86_400

  init?(argument: String) {
    var total: Int64 = 0
    var digits = ""
    var next: Int64 = 60
    for character in argument.lowercased() {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      let units: [Character: Int64] = ["d": 86_400, "j": 86_400, "h": 3600, "m": 60, "s": 1]
      guard let unit = units[character], let number = Int64(digits), number <= Self.longest else {
        return nil
      }
      total += number * unit
      // What follows without a unit is in the next smaller one.
      next = unit == 86_400 ? 3600 : unit == 3600 ? 60 : 1
      digits = ""
    }
    if !digits.isEmpty {
      guard let number = Int64(digits), number <= Self.longest else { return nil }
      total += number * next
    }
    guard total > 0, total <= Self.longest else { return nil }
    seconds = total
  }
}
