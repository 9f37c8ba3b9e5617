// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Foundation
import Testing

@testable import Reporting

extension Page {
  /// Every text of the page, in order.
  fileprivate var texts: [String] {
    [title, subtitle]
      + sections.flatMap { section in
        [section.title]
          + section.blocks.flatMap { block -> [String] in
            switch block {
            case .paragraph(let text): [text]
            case .facts(let facts): facts.flatMap { [$0.name, $0.value] }
            case .table(let table): table.head + table.rows.flatMap { $0 }
            case .picture(let svg, let words):
              svg.matches(of: />([^<>]+)</).map { String($0.1) } + [words]
            case .signatures(let names): names
            }
          }
      }
  }
}

@Suite struct `A page` {
  private let sample: SampleCase

  init() throws {
    sample = try SampleCase()
    try HostileCase.fill(sample.record)
    // What the layers below have to say, they say in English.
    var file = SampleCase.findings[1]
    file.evidence = [
      .brokenAt(1, problem: "the checksum of a member is wrong"), .truncatedAt(5),
      .notHandled("something of theirs"), .beyondMedium(9), .blockListIncomplete(3),
    ]
    try sample.record.add([file])
  }

  private func pages(_ language: Language) throws -> [Page] {
    let request = sample.request(language, query: Query(show: .all))
    return [
      try ClientReport(request) { _ in .photo }.page(), try TechnicalReport(request).page(),
    ]
  }

  /// Words that are the same in both languages; whatever else is equal was forgotten.
  private static let cognates: Set<String> = [
    "source", "volume", "volumes", "verdict", "type", "intact", "probable", "signatures",
    "documents",
    "contact", "ticket", "organisation", "interface", "cluster", "anomalies", "sha", "utc",
    "renflou", "fat", "crc", "zeros", "archives", "min", "photos",
  ]

  @Test func `says everything in both languages`() throws {
    for (english, french) in try zip(pages(.english), pages(.french)) {
      #expect(english.texts.count == french.texts.count)
      var differing = 0
      for (one, other) in zip(english.texts, french.texts) {
        if one != other { differing += 1 }
        // Line by line: a value may hold the words of a report beside those of the case.
        for line in one.split(separator: "\n") where other.split(separator: "\n").contains(line) {
          if Self.isOfTheCase(String(line)) { continue }
          let words = line.lowercased().split { !$0.isLetter }.filter { $0.count > 2 }
          let forgotten = words.filter { !Self.cognates.contains(String($0)) }
          #expect(forgotten.isEmpty, "\(line.prefix(200))")
        }
      }
      #expect(differing > 20)
      for line in french.texts.flatMap({ $0.split(separator: "\n") }) {
        if Self.isOfTheCase(String(line)) { continue }
        let words = Set(line.lowercased().split { !$0.isLetter })
        #expect(words.isDisjoint(with: Self.englishWords), "\(line.prefix(200))")
      }
    }
  }

  /// Words without which hardly a sentence is English, and which are none in French.
  private static let englishWords: Set<Substring> = [
    "the", "of", "is", "are", "and", "with", "was", "were", "not", "from", "by", "it", "its",
    "in", "for", "has", "no", "file", "files", "read", "byte", "checksum",
  ]

  /// What the sample says of itself: in no language of ours.
  private static func isOfTheCase(_ text: String) -> Bool {
    let digits = text.allSatisfy { $0.isHexDigit || $0 == " " }
    return digits
      || [
        "disk<1>", "script>", "DCIM", "live.txt", "scan started", "begun on", "triage", "command",
        "jpg", "txt", "SHA-256 ", "CAMERA", "fdp.exe", "1-fat/",
      ].contains { text.contains($0) }
  }

  @Test func `for the client speaks of no sectors`() throws {
    let language = Language.french
    let page = try text(pages(language)[0].renderText)
    for word in ["secteur", "inode", "cluster", "octets", "SHA-256", "verdict", "métadonnées"] {
      #expect(!page.localizedCaseInsensitiveContains(word), "\(word)")
    }
    for title in [
      "Demande du client", "Matériel confié", "État à la réception", "Diagnostic",
      "Travaux effectués", "Résultat par priorité", "Fichiers incomplets", "Recommandations",
      "Temps passé", "Conservation et effacement", "Signatures",
    ] {
      #expect(page.contains("\n\(title)\n"), "\(title)")
    }
    #expect(page.contains("1\u{A0}h 20\u{A0}min"))
  }

  @Test func `for the client counts by kind where nobody was asked`() throws {
    let bare = try SampleCase()
    let page = try ClientReport(bare.request(.english)) { $0 == "jpg" ? .photo : .other }.page()
    let shown = try text(page.renderText)
    #expect(shown.contains("Photos and pictures"))
    #expect(!shown.contains("Its state on arrival"))
  }

  @Test func `for the technician says which bytes are missing`() throws {
    let shown = try text(pages(.english)[1].renderText)
    #expect(shown.contains("bytes 0 to 511 (512 B): unread"))
    #expect(shown.contains("bytes 512 to 998 (487 B): place unknown"))
  }

  private static let weasyPrint = "/usr/bin/weasyprint"
  private static let pdfInfo = "/usr/bin/pdfinfo"

  @Test(.enabled(if: [weasyPrint, pdfInfo].allSatisfy(FileManager.default.isExecutableFile)))
  func `for the client fits on one sheet, whatever was typed`() throws {
    let long = String(repeating: "Un texte assez long pour déborder de la page ; ", count: 40)
    for field in Intervention.Field.allCases { try sample.record.set(field, to: long) }
    try sample.record.set(wishes: (1...40).map { Wish(number: $0, words: long) })
    let file = sample.folder + "/page"
    let page = try text(pages(.french)[0].renderHTML)
    try Data(page.utf8).write(to: URL(filePath: file + ".html"))
    _ = try output(of: Self.weasyPrint, [file + ".html", file + ".pdf"])
    #expect(try output(of: Self.pdfInfo, [file + ".pdf"]).contains(/Pages: +1\n/))
  }

  private func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
