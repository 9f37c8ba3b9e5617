// SPDX-License-Identifier: Apache-2.0

import Case
import Findings
import Foundation
import Reporting
import Testing

@testable import Delivery

@Suite struct `what a customer reads` {
  private static let hostile: [RawName] = [
    "<script>alert(1)<script>.jpg", "a\"onerror=x '&lt;.jpg", "\u{202E}gpj.jpg", "\u{1B}[31m.jpg",
    RawName([0xFF, 0x0A, 0x2E, 0x6A, 0x70, 0x67]), RawName([UInt8](repeating: 0x78, count: 10_000)),
  ]

  @Test(arguments: Language.allCases) func `no name breaks out of a page`(language: Language) throws
  {
    let sample = try SampleDelivery(
      Self.hostile.map {
        .init(folder: ["<b>"], name: $0, content: "\($0.bytes.count)", missing: 1)
      }
        + Self.hostile.map { .init(folder: ["<i>"], name: $0, content: "+\($0.bytes.count)") },
      wishes: [Wish(number: 1, words: "<u>\u{202E}", patterns: ["*nothing*"])])
    try sample.record.set(.customer, to: "<s>\u{1B}[0m")
    try sample.record.set(.ticket, to: "7\nBag-Size: 1")
    _ = try sample.deliver(language, gallery: Thumbnailer())
    let page = language.pick("README.html", "LISEZMOI.html")
    for name in [page, "manifest-sha256.txt", "bag-info.txt"] {
      let text = try sample.text("bag/" + name)
      for bad in [
        "<script", "<b>.", "<s>", "<u>", "\u{202E}", "\u{1B}", "\" onerror", "\nBag-Size: 1\n",
      ] {
        #expect(!text.contains(bad), "\(name): \(bad)")
      }
    }
    let html = try sample.text("bag/" + page)
    #expect(html.contains("&lt;s&gt;") && html.contains("default-src 'none'"))
    #expect(!html.contains("http:") && !html.contains("https:"))
  }

  @Test func `French is French, with its spaces`() throws {
    let sample = try SampleDelivery([.init(folder: [], name: "a", content: "a")])
    _ = try sample.deliver(.french)
    let page = try sample.text("bag/LISEZMOI.html")
    #expect(page.contains("<html lang=\"fr\">") && page.contains("1 fichier</b>, 1 o"))
    #expect(!page.contains(" ;") && !page.contains(" :") && page.contains("«\u{202F}_\u{202F}»"))
    let script = try Data(contentsOf: URL(filePath: sample.folder + "/bag/verifier.ps1"))
    #expect(script.starts(with: [0xEF, 0xBB, 0xBF]))
  }

  @Test func `a list for a spreadsheet holds no formula`() throws {
    let sample = try SampleDelivery([.init(folder: [], name: "=cmd|'\"calc.csv", content: "a")])
    _ = try sample.deliver()
    #expect(try sample.text("bag/contents.csv").contains("\"'=cmd|'\"\"calc.csv\""))
  }

  /// With no program that makes small ones, a page shows pictures as they are.
  @Test func `pictures are shown from beside the page`() throws {
    let file = DeliveryFile(
      id: 1, origin: [], components: ["a b", "c#1.jpg"], originalPath: [], size: 1, sha256: [],
      type: "jpg", modified: nil, verdict: .intact, evidence: [], missing: 0, wish: nil)
    var pages: [String: String] = [:]
    try Gallery(
      files: Array(repeating: file, count: 201), folder: "/", language: .english,
      thumbnailer: Thumbnailer()
    ).render(check: {}) { pages[$0] = $1 }
    #expect(pages.keys.sorted() == ["gallery-2.html", "gallery.html"])
    #expect(
      pages["gallery.html"]?.contains("loading=\"lazy\" src=\"data/a%20b/c%231.jpg\"") == true)
  }
}
