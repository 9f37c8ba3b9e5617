// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How much of a file was not read, by what the map of its medium says.
package struct Loss: Sendable, Equatable {
  /// Bytes of the file by the status of their place.
  package private(set) var counts: [Mapfile.Status: ByteCount] = [:]
  /// Bytes of which nobody knows where they lay: the structure that tells was not read or is damaged.
  package private(set) var unplaced: ByteCount = 0
  /// Whether nothing but the name is left, so that not even the size is known.
  package private(set) var isOfUnknownSize = false
  /// What was not read, in ranges of the medium.
  package private(set) var places: [Range<ByteOffset>] = []

  /// - Parameter content: where a file's bytes are. A compressed piece is lost as a whole, by the worst
  ///   that hit it.
  package init(of content: [Extent], on unread: UnreadBlocks) {
    for extent in content {
      switch extent.place {
      case .hole, .bytes: break
      case .lost where extent.count == 0: isOfUnknownSize = true
      case .lost: unplaced = unplaced.addingClamped(extent.count)
      case .medium:
        guard let range = extent.range else { break }
        for part in unread.parts(of: range) { add(part.range.length, part) }
      case .packed(let piece):
        let parts = piece.stored.flatMap { unread.parts(of: $0) }
        guard let worst = parts.max(by: { $0.status < $1.status }) else { break }
        add(extent.count, worst)
        places.removeLast()
        places += parts.map(\.range)
      }
    }
  }

  private mutating func add(_ count: ByteCount, _ part: Mapfile.Block) {
    counts[part.status] = (counts[part.status] ?? 0).addingClamped(count)
    places.append(part.range)
  }

  /// Whether anything is lost.
  package var isEmpty: Bool { total == 0 && !isOfUnknownSize }

  /// All bytes that are lost.
  package var total: ByteCount { counts.values.reduce(unplaced) { $0.addingClamped($1) } }
}
