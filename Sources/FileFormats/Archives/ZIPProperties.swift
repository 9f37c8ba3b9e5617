// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Title and date from the XML in which Office, OpenDocument, e-books and maps keep them.
struct ZIPProperties {
  private static let titles = ["dc:title", "opf:title", "name"]
  private static let dates = ["dcterms:created", "meta:creation-date", "dc:date"]

  let title: String?
  let date: Timestamp?

  init(_ xml: [UInt8]) {
    title =
      Self.titles.lazy.compactMap { Self.element($0, in: xml) }
      .compactMap(ContentText.trimmed).first
    date = Self.dates.lazy.compactMap { Self.element($0, in: xml) }.compactMap(Self.date).first
  }

  /// The text of the first element of this name.
  private static func element(_ name: String, in xml: [UInt8]) -> String? {
    let open = Array("<\(name)".utf8)
    var place = xml.firstIndex(of: open)
    while let found = place {
      let next = found + open.count
      if next < xml.count, xml[next] == 0x3E || xml[next] <= 0x20 { break }
      place = xml.withSpan { $0.firstIndex(of: open, from: next) }
    }
    guard let start = place, let tag = xml[start...].firstIndex(of: 0x3E),
      xml[tag - 1] != 0x2F
    else { return nil }
    let content = xml[(tag + 1)...].prefix(4096).prefix { $0 != 0x3C }
    return unescaped(String(decoding: content, as: UTF8.self))
  }

  private static func unescaped(_ text: String) -> String {
    guard text.contains("&") else { return text }
    return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&apos;", with: "'").replacing("&#39;", with: "'")
      .replacing("&amp;", with: "&")
  }

  /// `2024-05-17T09:30:00Z` and the like, or the day alone; anything behind is passed over.
  private static func date(_ text: String) -> Timestamp? {
    let numbers = text.prefix(19).split(whereSeparator: { "-T: ".contains($0) }).map { Int($0) }
    guard numbers.count == 6 || numbers.count == 3, let year = numbers[0], let month = numbers[1],
      let day = numbers[2]
    else { return nil }
    func part(_ index: Int) -> Int { index < numbers.count ? numbers[index] ?? 0 : 0 }
    return Timestamp(
      year: year, month: month, day: day, hour: part(3), minute: part(4), second: part(5))
  }
}
