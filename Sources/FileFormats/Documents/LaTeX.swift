// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// A LaTeX document, up to `\end{document}`.
  ///
  /// - Source: L. Lamport, *LaTeX: A Document Preparation System*, §2.2.
  package static let latex = FileFormat(
    id: "tex", name: "LaTeX document", category: .document, validation: .grammar,
    signatures: [.text("\\documentclass"), .text("\\documentstyle")], maximumSize: 0x400_0000,
    resembles: { FileFormat.head($0, keepsTo: examineLaTeX) }, examine: examineLaTeX)

  private static func examineLaTeX(_ file: Source) throws -> Examination {
    try LineWalk<LaTeXGrammar>.examine(file, "tex", "LaTeX")
  }
}

/// The lines of a LaTeX document.
struct LaTeXGrammar: LineGrammar {
  private var hasBegun = false
  private(set) var name: String?

  var mayEnd: Bool { false }

  mutating func read(_ line: [UInt8]) -> LineStep {
    let text = line.drop { $0 == 0x20 || $0 == 0x09 }
    guard text.first == 0x5C else { return .goesOn }
    if text.starts(with: Array("\\begin{document}".utf8)) { hasBegun = true }
    if name == nil, text.starts(with: Array("\\title{".utf8)) {
      name = ContentText.text(text.dropFirst(7).prefix { $0 != 0x7D })
    }
    return hasBegun && text.starts(with: Array("\\end{document}".utf8)) ? .ends : .goesOn
  }
}
