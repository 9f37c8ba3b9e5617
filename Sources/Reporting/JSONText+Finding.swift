// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

extension JSONText {
  /// The fields of a finding, inside an object that is open.
  ///
  /// - Parameter path: as lists show it, raw.
  mutating func fields(of finding: Finding, id: Int64, path: [UInt8]) {
    field("id", Int(clamping: id))
    field(path: path)
    field("volume", Int(finding.volume))
    field("origin", Self.word(finding.origin))
    field("kind", Self.word(finding.kind))
    field("type", finding.type)
    field("size", finding.size.rawValue)
    field("verdict", finding.verdict.word)
    field("created", finding.times.created)
    field("modified", finding.times.modified)
    field("changed", finding.times.changed)
    field("accessed", finding.times.accessed)
    extents(finding.content)
    evidence(finding.evidence)
  }

  /// A path as it is; bytes that are no UTF-8 are told apart in hexadecimal.
  mutating func field(path: [UInt8]) {
    let text = String(decoding: path, as: UTF8.self)
    field("path", text)
    if Array(text.utf8) != path { field("pathHex", Self.hexadecimal(path)) }
  }

  private mutating func extents(_ extents: [Extent]) {
    key("extents")
    open("[")
    for extent in extents {
      open("{")
      switch extent.place {
      case .medium(let start): field("start", start.rawValue)
      case .hole: field("hole", true)
      case .lost: field("lost", true)
      case .bytes: field("inMetadata", true)
      case .packed(let piece):
        field("compressed", true)
        if let first = piece.stored.first { field("start", first.lowerBound.rawValue) }
      }
      field("length", extent.count.rawValue)
      close("}")
    }
    close("]")
  }

  /// Facts in words, in English whatever the report's language: programs compare them.
  mutating func evidence(_ evidence: [Evidence]) {
    key("evidence")
    open("[")
    for fact in evidence { value(Language.english.words(fact)) }
    close("]")
  }

  static func word(_ origin: Finding.Origin) -> String {
    switch origin {
    case .live: "live"
    case .undelete: "undelete"
    case .journal: "journal"
    case .carve: "carve"
    }
  }

  static func word(_ kind: Finding.Kind) -> String {
    switch kind {
    case .file: "file"
    case .folder: "folder"
    case .symbolicLink: "symlink"
    case .other: "other"
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
