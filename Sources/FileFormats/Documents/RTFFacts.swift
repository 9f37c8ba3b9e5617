// SPDX-License-Identifier: Apache-2.0

import Findings

/// What a rich text document says about itself in its group of information.
struct RTFFacts {
  private static let longest = 240
  private enum Field { case title, created, generator }
  private var field: Field?
  private var depth = 0
  private var scalars = String.UnicodeScalarView()
  private var parts: [String: Int] = [:]
  /// Characters behind one by its number that stand for it in old readers.
  private var fallback = 0
  private(set) var words: UInt64 = 0
  private(set) var title: String?
  private(set) var date: Timestamp?
  /// Whether the text control of Windows (WordPad) wrote it.
  private(set) var isByTextControl = false

  mutating func word(_ word: String, _ number: Int?, depth: Int) {
    words &+= 1
    switch word {
    case "title" where title == nil: start(.title, depth)
    case "creatim" where date == nil: start(.created, depth)
    case "generator": start(.generator, depth)
    case "yr", "mo", "dy", "hr", "min", "sec":
      if field == .created { parts[word] = number }
    case "u":
      guard field == .title, let number else { return }
      let value = UInt32(truncatingIfNeeded: number < 0 ? number &+ 0x1_0000 : number)
      if let scalar = Unicode.Scalar(value), scalars.count < Self.longest { scalars.append(scalar) }
      fallback = 1
    default: break
    }
  }

  mutating func text(_ character: UInt32) {
    guard field == .title || field == .generator, scalars.count < Self.longest else { return }
    if fallback > 0 {
      fallback -= 1
    } else if character != 0x0A, character != 0x0D, let scalar = Unicode.Scalar(character) {
      scalars.append(scalar)
    }
  }

  mutating func end(depth: Int) {
    guard let field, depth == self.depth else { return }
    self.field = nil
    let text = ContentText.trimmed(String(scalars))
    switch field {
    case .title: title = text
    case .generator:
      isByTextControl = ["Msftedit", "Riched"].contains { text?.hasPrefix($0) ?? false }
    case .created:
      guard let year = parts["yr"], let month = parts["mo"], let day = parts["dy"] else { return }
      date = Timestamp(
        year: year, month: month, day: day, hour: parts["hr"] ?? 0, minute: parts["min"] ?? 0,
        second: parts["sec"] ?? 0)
    }
  }

  private mutating func start(_ field: Field, _ depth: Int) {
    self.field = field
    self.depth = depth
    scalars = String.UnicodeScalarView()
    fallback = 0
  }
}
