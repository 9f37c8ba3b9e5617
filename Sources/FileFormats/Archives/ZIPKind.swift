// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What an archive is by the names and the first contents of its members.
struct ZIPKind {
  /// How sure a sign is of its type; a surer one takes its place.
  enum Sign: Int {
    /// A name that is found in archives of several types.
    case weak = 1
    /// A name that only this type has.
    case name
    /// What the archive says of itself.
    case stated
  }

  private(set) var type = "zip"
  private(set) var title: String?
  private(set) var date: Timestamp?
  private var strength = 0
  private var isPackage = false

  /// How much of a member's content is worth keeping.
  func wanted(of name: [UInt8]) -> Int {
    let text = String(decoding: name.prefix(64), as: UTF8.self)
    switch text {
    case "mimetype": return 128
    case "[Content_Types].xml": return 0x4_0000
    case "docProps/core.xml", "meta.xml", "Contents/content.hpf": return 0x1_0000
    case "index.xml", "index.apxl", "Index/Document.iwa": return 512
    default: return text.hasSuffix(".opf") || text == "doc.kml" ? 0x1_0000 : 0
    }
  }

  mutating func learn(_ name: [UInt8], _ content: [UInt8]) {
    let name = String(decoding: name.prefix(64), as: UTF8.self)
    switch name {
    case "mimetype": learn(mimeType: ContentText.text(content) ?? "")
    case "[Content_Types].xml": learn(contentTypes: content)
    case "docProps/core.xml", "meta.xml", "Contents/content.hpf": learn(properties: content)
    case "index.xml", "index.apxl": learn(root: content)
    case "Index/Document.iwa":
      // The first object: Pages' document is of type 10000, the others' are of type 1.
      take(content.firstIndex(of: [0x08, 0x90, 0x4E]) != nil ? "pages" : "numbers", .weak)
    default:
      if name.hasSuffix(".opf") || name == "doc.kml" { learn(properties: content) }
      learn(name: name)
    }
  }

  private mutating func learn(name: String) {
    if let type = Self.names[name] { take(type, .name) }
    if let type = Self.prefixes.first(where: { name.hasPrefix($0.prefix) })?.type {
      take(type, .name)
    }
    let suffixes = name.contains("/") ? Self.innerSuffixes : Self.suffixes
    if let type = suffixes.first(where: { name.hasSuffix($0.suffix) })?.type { take(type, .name) }
    if name == "META-INF/MANIFEST.MF" { take("jar", .weak) }
    if name == "_rels/.rels" { isPackage = true }
    if isPackage, let type = Self.folders.first(where: { name.hasPrefix($0.prefix) })?.type {
      take(type, .weak)
    }
  }

  private mutating func take(_ type: String, _ sign: Sign) {
    guard sign.rawValue > strength else { return }
    self.type = type
    strength = sign.rawValue
  }

  private mutating func learn(mimeType: String) {
    if let type = Self.mimeTypes[mimeType] { take(type, .stated) }
  }

  /// The type of the main part, which Office's archives state in their list of types.
  private mutating func learn(contentTypes content: [UInt8]) {
    isPackage = true
    for (word, type) in Self.contentTypes
    where content.firstIndex(of: Array(word.utf8)) != nil {
      return take(type, .stated)
    }
  }

  /// The outermost element of a document of iWork '09.
  private mutating func learn(root content: [UInt8]) {
    for (word, type) in [
      ("<sl:document", "pages"), ("<ls:document", "numbers"), ("<key:presentation", "key"),
    ] where content.firstIndex(of: Array(word.utf8)) != nil {
      return take(type, .stated)
    }
  }

  private mutating func learn(properties content: [UInt8]) {
    let properties = ZIPProperties(content)
    title = properties.title ?? title
    date = properties.date ?? date
  }
}
