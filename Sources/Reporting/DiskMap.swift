// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// The disk as a strip of cells, each coloured and patterned by the most notable thing in it.
struct DiskMap {
  /// What a cell may show, the least notable first.
  enum Content: Int, CellContent, Comparable {
    case outside, unallocated, allocated, recovered, damaged, unread

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  private var map: CellMap<Content>

  init(_ record: Case) throws {
    map = CellMap(length: try record.job().sourceLength, filledWith: .outside)
    for (kind, content) in [
      (RangeKind.unallocated, Content.unallocated), (.unknown, .unallocated),
      (.allocated, .allocated),
    ] {
      for range in try record.ranges(kind).ranges { mark(range, as: content) }
    }
    for range in try record.defects().ranges { mark(range, as: .unread) }
  }

  /// Shows a recovered file.
  mutating func add(_ finding: Finding) {
    guard finding.isDeleted else { return }
    let content: Content = finding.verdict >= .partial ? .damaged : .recovered
    for range in finding.content.mediumRanges { mark(range, as: content) }
  }

  private mutating func mark(_ range: Range<ByteOffset>, as content: Content) {
    map.update(range) { max($0, content) }
  }

  /// The map as inline SVG, with its legend in words.
  func svg(_ language: Language) -> String {
    map.svg(
      title: language.pick("Map of the disk", "Carte du disque"), definitions: Self.patterns,
      language)
  }

  private static let patterns = """
    <pattern id="d" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" \
    fill="#f4b183"/><path d="M0 4L4 0" stroke="#7a2e00"/></pattern>\
    <pattern id="u" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" \
    fill="#222"/><circle cx="2" cy="2" r="1" fill="#fff"/></pattern>\
    <pattern id="r" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" \
    fill="#8fc98f"/><path d="M0 2H4" stroke="#1f5f1f"/></pattern>
    """
}

extension DiskMap.Content {
  var fill: String {
    switch self {
    case .outside: "#ffffff"
    case .unallocated: "#e6e6e6"
    case .allocated: "#9bb7d4"
    case .recovered: "url(#r)"
    case .damaged: "url(#d)"
    case .unread: "url(#u)"
    }
  }

  func word(_ language: Language) -> String {
    switch self {
    case .outside: language.pick("outside of volumes", "hors volumes")
    case .unallocated: language.pick("not in use", "inutilisé")
    case .allocated: language.pick("in use", "utilisé")
    case .recovered: language.pick("recovered", "récupéré")
    case .damaged: language.pick("damaged", "endommagé")
    case .unread: language.pick("unread", "illisible")
    }
  }
}
