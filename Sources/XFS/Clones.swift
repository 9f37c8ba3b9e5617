// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// Files that are present and have blocks in common with others (reflink). What a deleted file shares with
/// one of them is not overwritten: it is what keeps it.
///
/// That a file got the blocks only later shows in three things: blocks that are shared stand at the same
/// place in both files; who has them was there before the other was deleted; and was not changed since, or
/// both are marked as sharing blocks.
///
/// - Source: *XFS Algorithms & Data Structures*, "Sharing Data Blocks"; the flag of the inode is 0x2.
struct Clones {
  private struct Part {
    let range: Range<ByteOffset>
    let position: ByteCount
    let times: Times
  }

  private let parts: [Part]
  private let places: Occupancy

  init(_ files: [(content: [Extent], times: Times)]) {
    let parts = files.flatMap { file in
      file.content.placed.map { Part(range: $0.range, position: $0.position, times: file.times) }
    }
    self.parts = parts
    places = Occupancy(parts.indices.map { (parts[$0].range, UInt64($0)) })
  }

  /// What of a deleted file's content is shared with files that are present.
  ///
  /// - Parameters:
  ///   - end: when it was deleted.
  ///   - isClone: whether it is known to have had blocks in common with another.
  func shared(
    with content: [Extent], deleted end: Timestamp?, isClone: Bool
  ) -> RangeSet<ByteOffset> {
    guard let end, !parts.isEmpty else { return RangeSet() }
    var shared: [Range<ByteOffset>] = []
    for (range, position) in content.placed {
      for (overlap, index) in places.overlaps(range) {
        let part = parts[Int(clamping: index)]
        guard let created = part.times.created, let changed = part.times.changed,
          created.nanoseconds < end.nanoseconds, isClone || changed.nanoseconds < end.nanoseconds,
          isSamePlace(overlap.lowerBound, (range, position), (part.range, part.position))
        else { continue }
        shared.append(overlap)
      }
    }
    return RangeSet(unsorted: shared)
  }

  /// Whether two deleted files that are both marked had all of their common blocks at the same places.
  static func isShared(_ left: [Extent], _ right: [Extent]) -> Bool {
    // More is not worth the comparison.
    guard left.count <= 64, right.count <= 64 else { return false }
    return left.placed.allSatisfy { one in
      right.placed.allSatisfy { other in
        let overlap = one.range.clamped(to: other.range)
        return overlap.isEmpty || isSamePlace(overlap.lowerBound, one, other)
      }
    }
  }
}

/// Whether a byte of the medium is the same byte of two files.
private func isSamePlace(
  _ byte: ByteOffset, _ left: (range: Range<ByteOffset>, position: ByteCount),
  _ right: (range: Range<ByteOffset>, position: ByteCount)
) -> Bool {
  left.position.addingClamped((left.range.lowerBound..<byte).length)
    == right.position.addingClamped((right.range.lowerBound..<byte).length)
}

extension [Extent] {
  /// The ranges of the medium, each with where in the file it stands.
  fileprivate var placed: [(range: Range<ByteOffset>, position: ByteCount)] {
    var position: ByteCount = 0
    var placed: [(range: Range<ByteOffset>, position: ByteCount)] = []
    for extent in self {
      if let range = extent.range { placed.append((range, position)) }
      position = position.addingClamped(extent.count)
    }
    return placed
  }
}
