// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What an archive is by the names and the first contents of its members.
struct ZIPKind {
  private(set) var type = "zip"
  private(set) var title: String?
  private(set) var date: Timestamp?

  /// How much of a member's content is worth keeping.
  func wanted(of name: [UInt8]) -> Int {
    switch String(decoding: name.prefix(40), as: UTF8.self) {
    case "mimetype": 128
    case "docProps/core.xml", "meta.xml": 0x1_0000
    default: 0
    }
  }

  mutating func learn(_ name: [UInt8], _ content: [UInt8]) {
    let name = String(decoding: name.prefix(64), as: UTF8.self)
    switch name {
    case "mimetype": learn(mimeType: ContentText.text(content) ?? "")
    case "docProps/core.xml", "meta.xml":
      learn(properties: String(decoding: content, as: UTF8.self))
    case "AndroidManifest.xml": type = "apk"
    case "META-INF/MANIFEST.MF" where type == "zip": type = "jar"
    case "Index/CalculationEngine.iwa" where type == "pages": type = "numbers"
    case "Index/Document.iwa" where type == "zip": type = "pages"
    default:
      if name.hasPrefix("word/"), type == "zip" { type = "docx" }
      if name.hasPrefix("xl/"), type == "zip" { type = "xlsx" }
      if name.hasPrefix("ppt/"), type == "zip" { type = "pptx" }
      if name.hasPrefix("Index/Slide"), ["zip", "pages"].contains(type) { type = "key" }
      if name.hasPrefix("Index/Tables/"), type == "zip" { type = "numbers" }
    }
  }

  private mutating func learn(mimeType: String) {
    let types = [
      "application/epub+zip": "epub", "application/vnd.oasis.opendocument.text": "odt",
      "application/vnd.oasis.opendocument.spreadsheet": "ods",
      "application/vnd.oasis.opendocument.presentation": "odp",
      "application/vnd.oasis.opendocument.graphics": "odg",
    ]
    if let known = types[mimeType] { type = known }
  }

  /// Title and date from the XML of Office or OpenDocument.
  private mutating func learn(properties xml: String) {
    title = Self.element("dc:title", in: xml).flatMap(ContentText.trimmed) ?? title
    let text =
      Self.element("dcterms:created", in: xml) ?? Self.element("meta:creation-date", in: xml)
    date = text.flatMap(Self.date) ?? date
  }

  private static func element(_ name: String, in xml: String) -> String? {
    let parts = xml.components(startingAt: "<" + name)
    guard let open = parts?.firstIndex(of: ">"), let rest = parts?[open...].dropFirst(),
      let close = rest.firstIndex(of: "<")
    else { return nil }
    return String(rest[..<close])
      .replacing("&amp;", with: "&").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
  }

  /// `2024-05-17T09:30:00Z` and the like; anything behind the seconds is passed over.
  private static func date(_ text: String) -> Timestamp? {
    let numbers = text.prefix(19).split(whereSeparator: { "-T:".contains($0) }).map { Int($0) }
    guard numbers.count == 6, let year = numbers[0], let month = numbers[1], let day = numbers[2],
      let hour = numbers[3], let minute = numbers[4], let second = numbers[5]
    else { return nil }
    return Timestamp(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }
}

extension String {
  /// What follows the first place at which `text` stands.
  fileprivate func components(startingAt text: String) -> Substring? {
    firstRange(of: text).map { self[$0.upperBound...] }
  }
}
