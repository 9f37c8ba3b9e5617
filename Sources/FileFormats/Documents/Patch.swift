// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Changes to texts, as version control shows them: a head for each text, then blocks of lines that
  /// stay, come or go.
  ///
  /// - Source: git-diff(1), "Generating patch text with -p"; IEEE Std 1003.1, *diff*, "Diff -u Output
  ///   Format".
  package static let patch = FileFormat(
    id: "patch", name: "patch", category: .document, extensions: ["patch", "diff"],
    validation: .grammar,
    signatures: [.text("diff --git a/"), .text("diff -"), .text("--- "), .text("Index: ")],
    maximumSize: 0x4000_0000,
    resembles: { FileFormat.head($0, keepsTo: examinePatch) }, examine: examinePatch)

  private static func examinePatch(_ file: Source) throws -> Examination {
    try LineWalk<PatchGrammar>.examine(file, "patch", "patch")
  }
}

/// The lines of a patch: a block says how many lines of either text it holds.
struct PatchGrammar: LineGrammar {
  private static let heads = [
    "diff ", "index ", "--- ", "+++ ", "new file ", "deleted file ", "old mode ", "new mode ",
    "similarity ", "dissimilarity ", "rename ", "copy ", "Binary files ", "Only in ", "Index: ",
    "=====", "GIT binary patch", "Property changes", "____", "\\ No newline",
  ]

  private var old = 0
  private var new = 0
  private var blocks = 0

  var mayEnd: Bool { blocks > 0 && old == 0 && new == 0 }

  mutating func read(_ line: [UInt8]) -> LineStep {
    if old > 0 || new > 0 {
      switch line.first {
      case 0x20, nil:
        old -= 1
        new -= 1
      case 0x2D: old -= 1
      case 0x2B: new -= 1
      case 0x5C: break
      default: return .isForeign
      }
      return old >= 0 && new >= 0 ? .goesOn : .isForeign
    }
    let text = String(decoding: line.prefix(80), as: UTF8.self)
    if text.hasPrefix("@@ ") { return beginBlock(text) }
    return line.isEmpty && blocks > 0 || Self.heads.contains(where: text.hasPrefix)
      ? .goesOn : .isForeign
  }

  /// `@@ -12,7 +12,9 @@`.
  private mutating func beginBlock(_ text: String) -> LineStep {
    let words = text.split(separator: " ")
    guard words.count >= 4, words[3] == "@@", let old = Self.count(words[1], "-"),
      let new = Self.count(words[2], "+")
    else { return .isForeign }
    self.old = old
    self.new = new
    blocks += 1
    return .goesOn
  }

  private static func count(_ word: Substring, _ sign: Character) -> Int? {
    guard word.first == sign else { return nil }
    let parts = word.dropFirst().split(separator: ",")
    guard let first = parts.first, Int(first) != nil else { return nil }
    return parts.count == 1 ? 1 : Int(parts[1]).flatMap { (0...10_000_000).contains($0) ? $0 : nil }
  }
}
