// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// The disk as a strip of cells, each coloured and patterned by the most notable thing in it.
struct DiskMap {
  /// What a cell may show, the least notable first.
  enum Content: Int, CaseIterable, Comparable {
    case outside, unallocated, allocated, recovered, damaged, unread

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  private static let columns = 64
  private static let rows = 8
  private let length: ByteCount
  private var cells: [Content]

  init(_ record: Case) throws {
    length = try record.job().sourceLength
    cells = Array(repeating: .outside, count: Self.columns * Self.rows)
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
    guard length > 0, !range.isEmpty else { return }
    let first = cell(at: range.lowerBound.rawValue)
    let last = cell(at: range.upperBound.rawValue - 1)
    guard first <= last else { return }
    for index in first...last { cells[index] = max(cells[index], content) }
  }

  private func cell(at offset: UInt64) -> Int {
    let share = Double(offset) / Double(length.rawValue)
    return min(max(0, Int(share * Double(cells.count))), cells.count - 1)
  }

  /// The map as inline SVG, with its legend in words.
  func svg(_ language: Language) -> String {
    let size = 14
    let width = Self.columns * size
    let legendTop = Self.rows * size + 12
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(legendTop + 20)" role="img" \
      aria-label="\(HTMLText.escaped(language.pick("Map of the disk", "Carte du disque")))">
      <defs>\(Self.patterns)</defs>

      """
    for row in 0..<Self.rows {
      // Neighbours of one kind become one rectangle.
      var column = 0
      while column < Self.columns {
        let content = cells[row * Self.columns + column]
        var end = column + 1
        while end < Self.columns, cells[row * Self.columns + end] == content { end += 1 }
        svg +=
          "<rect x=\"\(column * size)\" y=\"\(row * size)\" width=\"\((end - column) * size)\" "
          + "height=\"\(size - 1)\" fill=\"\(content.fill)\"/>\n"
        column = end
      }
    }
    var left = 0
    for content in Content.allCases {
      svg +=
        "<rect x=\"\(left)\" y=\"\(legendTop)\" width=\"12\" height=\"12\" fill=\"\(content.fill)\" stroke=\"#444\"/>"
      svg +=
        "<text x=\"\(left + 17)\" y=\"\(legendTop + 10)\" font-size=\"12\">\(HTMLText.escaped(content.word(language)))</text>\n"
      left += width / Content.allCases.count
    }
    return svg + "</svg>\n"
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
  fileprivate var fill: String {
    switch self {
    case .outside: "#ffffff"
    case .unallocated: "#e6e6e6"
    case .allocated: "#9bb7d4"
    case .recovered: "url(#r)"
    case .damaged: "url(#d)"
    case .unread: "url(#u)"
    }
  }

  fileprivate func word(_ language: Language) -> String {
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
