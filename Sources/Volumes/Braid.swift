// SPDX-License-Identifier: Apache-2.0

/// Files that were written at the same time: each one in turn a piece, until it is whole. Where each one
/// starts tells the pieces of all but the last.
///
///     a a a b b c c c | a a a b b c c c | a b b c c      three files, pieces of 3, 2 and (assumed) 3
///
/// Places are counted in clusters from the first file's start, and only those count that nobody else has.
package struct Braid: Sendable {
  /// How many clusters each file has in all.
  private let wanted: [UInt32]
  /// How many clusters each file but the last writes in its turn.
  private let pieces: [UInt32]

  /// - Parameters:
  ///   - starts: where each file starts; the first one at 0.
  ///   - wanted: how many clusters each one has.
  package init?(starts: [UInt32], wanted: [UInt32]) {
    guard starts.count == wanted.count, starts.count > 1, starts.first == 0,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }), wanted.allSatisfy({ $0 > 0 })
    else { return nil }
    self.wanted = wanted
    pieces = zip(starts, starts.dropFirst()).map { $1 &- $0 }
  }

  /// A run of one file's clusters.
  package struct Part: Hashable, Sendable {
    package let file: Int
    package let start: UInt32
    package var count: UInt32
    package var end: UInt32 { start &+ count }
  }

  /// Who has which clusters, if the last file's pieces are as long as said; nil where that is no braid:
  /// a file but the last is whole before the others begin, or there are too many turns.
  package func layout(lastPiece: UInt32) -> [Part]? {
    var rest = wanted
    var parts: [Part] = []
    var at: UInt32 = 0
    for _ in 0..<Self.mostTurns {
      var isWhole = true
      for file in rest.indices where rest[file] > 0 {
        let piece = file < pieces.count ? pieces[file] : max(1, lastPiece)
        let count = min(piece, rest[file])
        // What starts later lies behind whole pieces alone.
        if parts.count < pieces.count, count < piece { return nil }
        rest[file] &-= count
        if let last = parts.last, last.file == file {
          parts[parts.count - 1].count &+= count
        } else {
          parts.append(Part(file: file, start: at, count: count))
        }
        at = at.addingReportingOverflow(count).partialValue
        isWhole = isWhole && rest[file] == 0
      }
      if isWhole { return parts }
    }
    return nil
  }

  /// Longer braids are not looked at.
  private static let mostTurns = 1024

  /// Lengths that the last file's pieces may have, the likeliest first: as long as another's, then any.
  package var lastPieces: [UInt32] {
    let most = min(wanted.last ?? 0, 4096)
    guard most > 0 else { return [] }
    let likely = Set(pieces).filter { $0 <= most }.sorted()
    return likely + (1...most).filter { !likely.contains($0) }
  }
}
