// SPDX-License-Identifier: Apache-2.0

import Findings

/// What an XML document says about itself: its title, its date, the attributes of its outermost
/// element.
struct XMLFacts {
  private static let titles: Set<String> = [
    "title", "book-title", "work-title", "movement-title", "docTitle",
  ]
  private static let dates: Set<String> = [
    "dc:date", "dcterms:created", "time", "pubDate", "updated", "meta:creation-date",
    "xmp:CreateDate",
  ]
  private static let longest = 400
  private(set) var attributes: [String: String] = [:]
  private(set) var title: String?
  private(set) var date: Timestamp?
  private var wanted: Wanted?
  private var text: [UInt32] = []

  private enum Wanted { case title, date }

  /// An attribute of the outermost element.
  mutating func add(_ name: [UInt32], _ value: [UInt32]) {
    guard attributes.count < 64 else { return }
    attributes[Self.string(name)] = Self.string(value)
  }

  /// An element begins.
  mutating func begin(_ name: [UInt32], depth: Int, root: String) {
    wanted = nil
    guard depth <= 6 else { return }
    let local = Self.local(name)
    if title == nil, isTitle(local, name, depth: depth, root: root) {
      wanted = .title
    } else if date == nil, Self.dates.contains(Self.string(name)) {
      wanted = .date
    }
    text.removeAll(keepingCapacity: true)
  }

  private func isTitle(_ local: String, _ name: [UInt32], depth: Int, root: String) -> Bool {
    switch root {
    // Every shape of a picture may have a title; the picture's own stands first or among its data.
    case "svg": local == "title" && (depth == 2 || name.count > 5)
    case "gpx", "kml", "project": local == "name" && depth <= 3
    default: Self.titles.contains(local)
    }
  }

  /// A character of an element's text.
  mutating func text(_ character: UInt32) {
    if wanted != nil, text.count < Self.longest { text.append(character) }
  }

  /// An element ends.
  mutating func end() {
    guard let wanted else { return }
    self.wanted = nil
    let value = ContentText.trimmed(TextEntities.resolved(Self.string(text)))
    switch wanted {
    case .title: title = value
    case .date: date = value.flatMap { TextDate.iso($0) ?? TextDate.mail($0) }
    }
  }

  static func string(_ characters: [UInt32]) -> String {
    String(String.UnicodeScalarView(characters.compactMap(Unicode.Scalar.init)))
  }

  /// A name without its prefix.
  static func local(_ name: [UInt32]) -> String {
    string(name.lastIndex(of: 0x3A).map { Array(name[($0 + 1)...]) } ?? name)
  }

  static func startsName(_ character: UInt32) -> Bool {
    (0x61...0x7A).contains(character | 0x20) || character == 0x5F || character == 0x3A
      || character >= 0x80
  }

  static func continuesName(_ character: UInt32) -> Bool {
    startsName(character) || (0x30...0x39).contains(character) || character == 0x2D
      || character == 0x2E
  }
}
