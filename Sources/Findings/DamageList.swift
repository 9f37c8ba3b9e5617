// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Which files lie on ranges that were not read.
package struct DamageList: Sendable {
  /// A volume of which structures were not read: it may hold more files than are known.
  package struct BlindSpot: Sendable, Equatable {
    /// The volume's folder in paths.
    package let folder: String
    package let count: ByteCount

    package init(folder: String, count: ByteCount) {
      self.folder = folder
      self.count = count
    }
  }

  /// Sorted by path.
  package private(set) var files: [DamagedFile] = []
  /// How many files were looked at.
  package private(set) var examined = 0
  /// Bytes of the medium that were not read and lie in files, each counted once.
  package var lost: ByteCount { places.length }
  package private(set) var places = RangeSet<ByteOffset>()
  package var blindSpots: [BlindSpot] = []

  private let unread: UnreadBlocks
  private var pending: [Range<ByteOffset>] = []

  package init(_ map: Mapfile) { unread = UnreadBlocks(map) }

  /// Looks at a file, and keeps it where it is hit.
  ///
  /// - Parameter path: asked only of a file that is kept.
  package mutating func add(
    _ finding: Finding, id: Int64? = nil, path: (Finding) throws -> [UInt8]
  ) rethrows {
    let loss = Loss(of: finding.content, on: unread)
    // Of a folder that cannot be read the files are missing.
    guard finding.kind != .folder || loss.isOfUnknownSize else { return }
    examined += 1
    // Of a deleted file much may be unknown on a sound disk, too.
    guard finding.isDeleted ? !loss.places.isEmpty : !loss.isEmpty else { return }
    files.append(
      DamagedFile(
        path: try path(finding), id: id, size: finding.size, isDeleted: finding.isDeleted,
        loss: loss))
    pending += loss.places
  }

  /// Sorts the files and sums up; to be called once all were added.
  package mutating func finish() {
    files.sort { left, right in
      left.path == right.path
        ? (left.id ?? 0) < (right.id ?? 0) : left.path.lexicographicallyPrecedes(right.path)
    }
    places = RangeSet(unsorted: pending)
    pending = []
  }
}
