// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Foundation
import Testing

@testable import Reporting

/// Every form in which a report can be had, by name.
private func forms(_ request: ReportRequest) throws -> [String: String] {
  let client = try ClientReport(request) { _ in .other }.page()
  let technical = try TechnicalReport(request).page()
  return [
    "client.html": try text(client.renderHTML), "client.txt": try text(client.renderText),
    "tech.html": try text(technical.renderHTML), "tech.txt": try text(technical.renderText),
    "csv": try text(CSVReport(request).render), "json": try text(JSONReport(request).render),
    "dfxml": try text(DFXMLReport(request).render), "body": try text(Bodyfile(request).render),
    "case-uco": try text(CaseUCOReport(request).render),
    "hashdeep": try text(HashdeepFile(request).render),
  ]
}

@Suite struct `Every form of a report` {
  private let sample: SampleCase

  init() throws { sample = try SampleCase() }

  private var everything: Query { Query(show: .all) }

  @Test(arguments: Language.allCases)
  func `lets nothing through that a name can do`(_ language: Language) throws {
    try HostileCase.fill(sample.record)
    for (form, text) in try forms(sample.request(language, query: everything)) {
      let allowed: Set<Unicode.Scalar> = form == "csv" ? ["\n", "\r"] : ["\n"]
      for scalar in text.unicodeScalars {
        #expect(scalar.value >= 0x20 || allowed.contains(scalar), "\(form): \(scalar.value)")
        // The sums name files as they are, for they are compared.
        if form == "hashdeep" { continue }
        #expect(!(0x7F..<0xA0).contains(scalar.value), "\(form): \(scalar.value)")
        #expect(!(0x202A...0x202E).contains(scalar.value), "\(form)")
        #expect(!(0x2066...0x2069).contains(scalar.value), "\(form)")
      }
      if form.hasSuffix("html") || form == "dfxml" { #expect(!text.contains("<script"), "\(form)") }
      if form == "dfxml" { #expect(!text.unicodeScalars.contains("\u{FFFE}")) }
    }
  }

  @Test func `for spreadsheets quotes what could be a formula`() throws {
    try HostileCase.fill(sample.record)
    let csv = try text(CSVReport(sample.request(.english, query: everything)).render)
    let rows = csv.split(separator: "\r\n")
    #expect(rows.count == 5)
    let columns = rows[0].split(separator: ",").count
    for row in rows.dropFirst() {
      var fields: [String] = [""]
      var isQuoted = false
      for character in row {
        if character == "\"" { isQuoted.toggle() }
        if character == ",", !isQuoted {
          fields.append("")
        } else {
          fields[fields.count - 1].append(character)
        }
      }
      #expect(fields.count == columns)
      for field in fields { #expect(!["=", "+", "-", "@"].contains(field.dropFirst().prefix(1))) }
    }
  }

  @Test func `in JSON is what its parser takes`() throws {
    try HostileCase.fill(sample.record)
    let all = try forms(sample.request(.english, query: everything))
    for form in ["json", "case-uco"] {
      let bytes = Data(try #require(all[form]).utf8)
      #expect((try? JSONSerialization.jsonObject(with: bytes)) is [String: Any], "\(form)")
    }
  }

  @Test(arguments: ["tech.html", "client.html"])
  func `as a page names nothing outside of it`(_ form: String) throws {
    try HostileCase.fill(sample.record)
    // The name of SVG is not a place.
    let page = try #require(try forms(sample.request(.french, query: everything))[form])
      .replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
    #expect(page.contains("default-src 'none'"))
    for word in ["://", "src=\"", "href=", "@import", "<link", "url(h", "url(\"", "url(/"] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test func `can leave all names out`() throws {
    try sample.record.set(.request, to: "please, été.jpg first; then live.txt, or /home/anna/x")
    try sample.record.set(wishes: [Wish(number: 1, words: "été.jpg", patterns: ["DCIM/été.jpg"])])
    try sample.record.log(
      "command", "renflou recover --to /home/anna/out", at: Timestamp(nanoseconds: 0))
    let pseudonyms = try Pseudonyms(sample.record)
    let request = sample.request(.english, pseudonyms, query: everything)
    for (form, text) in try forms(request) {
      for name in ["été", "DCIM", "live.txt", "anna", "CAMERA", "disk<1>", "disk&lt;1"] {
        #expect(!text.contains(name), "\(form): \(name)")
      }
    }
    let name = String(decoding: pseudonyms.name(Array("été.jpg".utf8)), as: UTF8.self)
    #expect(name.hasPrefix("name-") && name.hasSuffix(".jpg"))
    #expect(try forms(request).filter { $0.value.contains(name) }.count == 10)
    let again = try Pseudonyms(sample.record)
    #expect(again.name(Array("été.jpg".utf8)) == Array(name.utf8))
    #expect(try Pseudonyms(SampleCase().record).path(Array(name.utf8)) == Array(name.utf8))
  }

  @Test func `for hashdeep names each file that stands in the target`() throws {
    let lines = try text(HashdeepFile(sample.request(.english)).render).split(separator: "\n")
    #expect(lines.first == "%%%% HASHDEEP-1.0")
    let sums = lines.filter { !$0.hasPrefix("%") && !$0.hasPrefix("#") }
    #expect(
      sums.contains("1474560,\(String(repeating: "ab", count: 32)),files/1-fat/DCIM/été.jpg"))
    #expect(sums.count == 2)
  }

  @Test func `for mactime has eleven fields a line`() throws {
    try HostileCase.fill(sample.record)
    let lines = try text(Bodyfile(sample.request(.english, query: everything)).render)
      .split(separator: "\n")
    #expect(lines.count == 4)
    for line in lines {
      #expect(line.split(separator: "|", omittingEmptySubsequences: false).count == 11)
    }
  }

  @Test func `in DFXML tells each byte's place three times over`() throws {
    let xml = try text(DFXMLReport(sample.request(.english)).render)
    #expect(
      xml.contains(
        "<byte_run file_offset=\"0\" img_offset=\"65536\" fs_offset=\"32768\" len=\"1474048\"/>"))
    #expect(xml.contains("<byte_run file_offset=\"1474048\" fill=\"0\" len=\"512\"/>"))
    #expect(xml.contains("<mtime prec=\"2\">2025-12-31T08:05:09Z</mtime>"))
    // Each file once, in its volume or behind all of them.
    #expect(xml.matches(of: /<id>/).count == 2)
  }
}
