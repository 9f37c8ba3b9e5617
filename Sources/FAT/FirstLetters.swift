// SPDX-License-Identifier: Apache-2.0

import Findings

/// Guesses the first letter of a short name, which deletion wrote over, from the words of all other
/// names on the volume: `_TÉ12` among names with "été" in them is "ÉTÉ12".
struct FirstLetters {
  /// First letters by the rest of the word, with how often each was seen.
  private var letters: [String: [Character: Int]] = [:]

  mutating func learn(_ name: RawName) {
    for word in name.text.lowercased().split(whereSeparator: { !$0.isLetter }) {
      guard let first = word.first, word.count >= 3 else { continue }
      letters[String(word.dropFirst()), default: [:]][first, default: 0] += 1
    }
  }

  /// The name with its first letter, where the words leave one choice.
  func completed(_ name: RawName) -> RawName? {
    let text = name.text
    guard text.first == "_" else { return nil }
    let tail = text.dropFirst().prefix { $0.isLetter }
    guard tail.count >= 2, let seen = letters[tail.lowercased()], seen.count == 1,
      let letter = seen.keys.first
    else { return nil }
    let isUpper = tail == Substring(tail.uppercased())
    return RawName((isUpper ? letter.uppercased() : String(letter)) + text.dropFirst())
  }
}
