// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Joins names of which the content is lost with contents of which the name is: where one size is that of
/// one such name and of one such content alone, of the kind that the name promises, and seldom enough that
/// chance is unlikely. A guess, and called so.
struct SizeMatch {
  /// A name without content, or a content without name.
  struct Side {
    let id: Int64
    let size: ByteCount
    /// An extension of a name, or the id of a content's format; in lower case.
    let type: String
    /// Tells places apart; entries of one place are one.
    let place: [RawName]
  }

  /// So likely may it be that some content has the size of a name by chance.
  private static let mostChance = 0.05

  private let names: [Side]
  private let contents: [ByteCount: [Side]]
  private let sizes: [ByteCount]

  init(names: [Side], contents: [Side]) {
    self.names = names
    self.contents = Dictionary(grouping: contents, by: \.size)
    sizes = contents.map(\.size).sorted()
  }

  /// Pairs of a content with the entries, all of one place, that name it; in order of the content's id.
  func pairs() -> [(content: Int64, names: [Int64])] {
    var claims: [Int64: [[RawName]: [Int64]]] = [:]
    for (size, some) in Dictionary(grouping: names, by: \.size) where isRare(size) {
      for name in some {
        let fitting = (contents[size] ?? []).filter { Self.promises(name.type, $0.type) }
        guard fitting.count == 1 else { continue }
        claims[fitting[0].id, default: [:]][name.place, default: []].append(name.id)
      }
    }
    return claims.compactMap { content, places in
      places.count == 1 ? places.first.map { (content, $0.value.sorted()) } : nil
    }
    .sorted { $0.content < $1.content }
  }

  /// Whether a content of this very size is no accident: contents of about the size, spread evenly over
  /// what lies between its half and its double.
  private func isRare(_ size: ByteCount) -> Bool {
    let bytes = size.rawValue
    let near = index(bytes.multipliedClamped(by: 2)) - index(bytes / 2)
    return Double(near) / (1.5 * Double(max(1, bytes))) <= Self.mostChance
  }

  /// How many contents are smaller.
  private func index(_ size: UInt64) -> Int {
    var low = 0
    var high = sizes.count
    while low < high {
      let middle = (low + high) / 2
      if sizes[middle].rawValue < size { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static let texts: Set<String> = [
    "txt", "csv", "log", "md", "ini", "conf", "tex", "srt", "sql", "yml", "yaml", "text", "tsv",
  ]

  /// Whether a name with this extension may be one of a content of this format.
  private static func promises(_ type: String, _ format: String) -> Bool {
    type == format || format == "txt" && texts.contains(type)
      || FileFormat.named(type).contains { $0.id == format }
  }
}

extension UInt64 {
  fileprivate func multipliedClamped(by factor: UInt64) -> UInt64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
