// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case

/// What the blocks of a medium look like, each cell by what it holds most of; and what that says of the
/// chances.
struct ClassMap {
  private var map: CellMap<BlockClass>
  private let totals: [BlockClass: ByteCount]

  init(_ record: Case) throws {
    map = CellMap(length: try record.job().sourceLength, filledWith: .zero)
    totals = try record.classTotals()
    var weights = Array(
      repeating: [UInt64](repeating: 0, count: BlockClass.allCases.count), count: map.cells.count)
    let start = try record.sourceStart()
    try record.eachClass { range, kind in
      let own = range.lowerBound.relative(to: start)..<range.upperBound.relative(to: start)
      guard let cells = map.indices(of: own) else { return }
      for index in cells {
        weights[index][Int(kind.rawValue)] &+= own.length.rawValue / UInt64(cells.count)
      }
    }
    for (index, weight) in weights.enumerated() {
      let most = BlockClass.allCases.max { weight[Int($0.rawValue)] < weight[Int($1.rawValue)] }
      map.set(most ?? .zero, at: index)
    }
  }

  func svg(_ language: Language) -> String {
    map.svg(
      title: language.pick("What the blocks look like", "L'aspect des blocs"),
      definitions: BlockClass.patterns, language)
  }

  /// The shares in words, and a warning where most of the disk is blank.
  func words(_ language: Language) -> String { ClassShares(totals).words(language) }
}

extension ByteOffset {
  fileprivate func relative(to start: ByteOffset) -> ByteOffset {
    ByteOffset((start..<Swift.max(start, self)).length.rawValue)
  }
}

extension BlockClass: CellContent {
  static let patterns = """
    <pattern id="x" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" \
    fill="#d9d2e9"/><path d="M2 0V4" stroke="#5b3f8f"/></pattern>\
    <pattern id="y" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" \
    fill="#fff2cc"/><path d="M0 2H4" stroke="#7f6000"/></pattern>
    """

  var fill: String {
    switch self {
    case .zero: "#ffffff"
    case .constant: "#e6e6e6"
    case .text: "url(#y)"
    case .dense: "url(#x)"
    case .other: "#9bb7d4"
    }
  }

  func word(_ language: Language) -> String {
    switch self {
    case .zero: language.pick("zeros", "zéros")
    case .constant: language.pick("one value", "une seule valeur")
    case .text: language.pick("text", "texte")
    case .dense: language.pick("photos, archives, encrypted", "photos, archives, chiffré")
    case .other: language.pick("other data", "autres données")
    }
  }
}
