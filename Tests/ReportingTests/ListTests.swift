// SPDX-License-Identifier: Apache-2.0

import Case
import Findings
import Foundation
import Testing

@testable import Reporting

@Suite struct `Lists` {
  private let sample: SampleCase

  init() throws { sample = try SampleCase() }

  @Test func `show a finding a line, made safe for a terminal`() throws {
    let list = ListText(sample.record, query: Query(show: .all), language: .english)
    let lines = try text(list.render).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines.contains {
        $0.hasSuffix("  verified       1.4 MB  2025-12-31 08:05:09  1-fat/DCIM/été.jpg")
      })
    #expect(
      lines.contains { $0.contains("partial") && $0.hasSuffix("1-fat/DCIM/<b>\\xFF\\u{A}\\") })
  }

  @Test func `speak French`() throws {
    let list = ListText(sample.record, query: Query(), language: .french)
    #expect(try text(list.render).contains("vérifié        1,4 Mo  31/12/2025 08:05:09"))
  }

  @Test func `are coloured only where that was asked for`() throws {
    let plain = ListText(sample.record, query: Query(), language: .english)
    #expect(try !text(plain.render).contains("\u{1B}"))
    let colored = ListText(
      sample.record, query: Query(), language: .english, isColored: true)
    #expect(try text(colored.render).contains("\u{1B}[32mverified"))
  }

  @Test func `are one JSON document`() throws {
    let document = try #require(try document(ListJSON(sample.record, query: Query()).render))
    #expect(document["schema"] as? String == "renflou-list-1")
    let files = try #require(document["findings"] as? [[String: Any]])
    let file = try #require(files.first { $0["verdict"] as? String == "verified" })
    #expect(file["path"] as? String == "1-fat/DCIM/été.jpg")
    #expect(file["size"] as? Int == 1_474_560)
    #expect((file["extents"] as? [Any])?.count == 2)
  }

  @Test func `that are empty are still documents`() throws {
    var query = Query()
    query.name = "nothing"
    #expect(try document(ListJSON(sample.record, query: query).render) != nil)
  }

  @Test func `lead to a finding with its facts in words`() throws {
    let finding = try #require(try sample.record.finding(2))
    let shown = try text(
      ShowText(sample.record, id: 2, finding: finding, language: .english).render)
    #expect(shown.contains("1000"))
    #expect(shown.contains("“<new>”") || shown.contains("<new>"))
  }
}
