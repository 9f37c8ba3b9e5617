// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reporting

@Suite struct `Remarks in French` {
  @Test func `keep their numbers in order`() {
    #expect(
      Language.french.remark("partitions 12 and 3 overlap")
        == "les partitions 12 et 3 se chevauchent")
    #expect(
      Language.french.remark("no longer in force: 40 of 41 structures agree with it")
        == "n'est plus en vigueur : 40 structures sur 41 lui correspondent")
  }

  @Test func `are themselves where nobody translated them, and in English`() {
    #expect(Language.french.remark("12 of a kind #") == "12 of a kind #")
    #expect(Language.french.remark("") == "")
    #expect(Language.english.remark("the journal cannot be read") == "the journal cannot be read")
  }

  /// Every sentence that a volume or a partition table remarks, as it stands in the sources.
  @Test func `exist for all that is remarked`() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      for (line, next) in zip(lines, lines.dropFirst() + [""]) where line.contains("remarks") {
        let isOpen = line.hasSuffix("(") || line.hasSuffix("[")
        guard let english = sentence(in: isOpen ? next : line) else { continue }
        #expect(Language.french.remark(english) != english, "\(english)")
        count += 1
      }
    }
    #expect(count > 25)
  }

  /// The literal of a line, with 7 for what stands in it; nil where there is none to be translated.
  private func sentence(in line: Substring) -> String? {
    let pieces = line.split(separator: "\"", omittingEmptySubsequences: false)
    guard pieces.count == 3, pieces[1].split(separator: " ").count > 3 else { return nil }
    var parts: [Substring] = []
    for (index, piece) in pieces[1].split(separator: "\\(").enumerated() {
      // Names of checksums are tested by themselves.
      if piece.hasPrefix("superblock.checksum.name") { return nil }
      let isFirst = index == 0 && !pieces[1].hasPrefix("\\(")
      parts.append(isFirst ? piece : "7" + piece.drop { $0 != ")" }.drop { $0 == ")" })
    }
    return parts.joined()
  }
}
