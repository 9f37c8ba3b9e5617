// SPDX-License-Identifier: Apache-2.0

/// A kind of text that is read line by line.
protocol LineGrammar {
  init()

  /// Reads a line.
  mutating func read(_ line: [UInt8]) -> LineStep

  /// Whether the text may end here, behind a whole line.
  var mayEnd: Bool { get }

  /// The narrower type.
  var type: String? { get }

  /// What the text calls itself.
  var name: String? { get }
}

/// What a line means to the text that it stands in.
enum LineStep {
  case goesOn
  /// It is the last one.
  case ends
  /// It cannot stand here.
  case isForeign
}

extension LineGrammar {
  var type: String? { nil }
  var name: String? { nil }
}
