// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Which bytes of a file are missing, counted from its start.
struct DamagePlaces {
  private(set) var unread: [Range<ByteOffset>] = []
  private(set) var lost: [Range<ByteOffset>] = []

  /// - Parameter defects: of the medium.
  init(of content: [Extent], defects: RangeSet<ByteOffset>) {
    var position: ByteOffset = 0
    for extent in content {
      let end = position.advancedClamped(by: extent.count)
      switch extent.place {
      case .medium(let start):
        guard let range = extent.range else { break }
        for hit in RangeSet(range).intersection(defects).ranges {
          let from = position.advancedClamped(by: (start..<hit.lowerBound).length)
          Self.add(from..<from.advancedClamped(by: hit.length), to: &unread)
        }
      case .packed(let piece):
        // What was packed comes out whole or not at all.
        let isHit = piece.stored.contains { !RangeSet($0).intersection(defects).isEmpty }
        if isHit { Self.add(position..<end, to: &unread) }
      case .lost: Self.add(position..<end, to: &lost)
      case .hole, .bytes: break
      }
      position = end
    }
  }

  private static func add(_ range: Range<ByteOffset>, to ranges: inout [Range<ByteOffset>]) {
    if range.isEmpty { return }
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }

  /// One line a range, the first so many.
  func lines(_ language: Language, most: Int = 12) -> [String] {
    let all =
      unread.map { ($0, language.pick("unread", "illisibles")) }
      + lost.map { ($0, language.pick("place unknown", "emplacement inconnu")) }
    let lines = all.prefix(most).map { range, why in
      let first = language.number(range.lowerBound)
      let last = language.number(ByteOffset(range.upperBound.rawValue - 1))
      let size = language.size(range.length)
      return language.pick(
        "bytes \(first) to \(last) (\(size)): \(why)",
        "octets \(first) à \(last) (\(size))\u{202F}: \(why)")
    }
    guard all.count > most else { return Array(lines) }
    return lines + [
      language.count(
        all.count - most, ("more range", "more ranges"), ("autre plage", "autres plages"))
    ]
  }
}
