// SPDX-License-Identifier: Apache-2.0

import Case
import Findings
import Foundation
import Testing

@testable import Reporting

@Suite struct `Reports` {
  private let sample: SampleCase

  init() throws { sample = try SampleCase() }

  private func html(_ language: Language) throws -> String {
    try text(TechnicalReport(sample.request(language)).page().renderHTML)
  }

  @Test(arguments: Language.allCases)
  func `let no markup from a disk onto the page`(_ language: Language) throws {
    let page = try html(language)
    #expect(page.contains("disk&lt;1&gt;.img"))
    #expect(page.contains("&lt;b&gt;"))
    #expect(!page.contains("<new>") && !page.contains("<disk>") && !page.contains("<b>"))
  }

  @Test(arguments: Language.allCases)
  func `need nothing from outside`(_ language: Language) throws {
    let page = try html(language)
    for word in ["<script", "src=", "href=\"http", "@import", "url(h", "url(\"", "url(/"] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test(arguments: Language.allCases)
  func `are well formed`(_ language: Language) throws {
    var open: [Substring] = []
    var count = 0
    for tag in try html(language).matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) {
      if ["meta", "col", "br"].contains(tag.2) || !tag.3.isEmpty { continue }
      if tag.1.isEmpty {
        open.append(tag.2)
        count += 1
      } else {
        #expect(open.popLast() == tag.2)
      }
    }
    #expect(open.isEmpty)
    #expect(count > 30)
  }

  @Test func `draw a map of the disk`() throws {
    let page = try html(.english)
    #expect(page.contains("<svg") && page.contains("</svg>"))
  }

  @Test func `differ by language`() throws {
    #expect(try html(.english) != html(.french))
    #expect(try html(.french).contains("lang=\"fr\""))
  }

  @Test func `in JSON tell how files were written`() throws {
    let document = try #require(try document(JSONReport(sample.request(.english)).render))
    #expect(document["schema"] as? String == "renflou-report-1")
    let files = try #require(document["files"] as? [[String: Any]])
    let missing = files.compactMap { ($0["written"] as? [String: Any])?["missing"] as? Int }
    #expect(missing.sorted() == [0, 999])
  }

  @Test func `come with sums that sha256sum can check`() throws {
    let zeros = String(repeating: "0", count: 64)
    let others = String(repeating: "ab", count: 32)
    let lines = try text(Manifest(sample.record).render).split(separator: "\n")
    #expect(
      Set(lines) == [
        "\\\(zeros)  files/1-fat/DCIM/a\\nb\\\\", "\(others)  files/1-fat/DCIM/été.jpg",
      ])
  }

  @Test func `say what could not be read`() throws {
    #expect(
      try text(SummaryText(sample.record, language: .french).render)
        .contains("512 o n'ont pas pu être lus."))
  }
}
