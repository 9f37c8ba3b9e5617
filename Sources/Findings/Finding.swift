// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A file that can be recovered: what undelete and carving both produce, so that all later steps
/// are the same.
package struct Finding: Hashable, Sendable {
  package enum Kind: UInt8, Sendable { case file, folder, symbolicLink, other }

  /// Where we learnt of the file.
  package enum Origin: UInt8, Sendable, CaseIterable, Comparable {
    /// Listed by the file system as present.
    case live
    /// Deleted, described by what the file system left in place.
    case undelete
    /// Deleted, described by an older copy in the file system's journal.
    case journal
    /// Found by content alone.
    case carve

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// The volume, by its place in the list of volumes of the job, from 1; 0: no volume.
  package var volume: UInt16
  package var origin: Origin
  package var kind: Kind
  /// The folders from the volume's root down; nil where the path is not known. A folder that is
  /// itself unknown is named by whoever builds the path (`lost+found` style: `#1234`).
  package var folder: [RawName]?
  /// Nil where only the content is known.
  package var name: RawName?
  /// The id of a `FileFormat`, or the name's extension in lower case, or "".
  package var type: String
  package var size: ByteCount
  package var times: Times
  /// Where the bytes are, in ranges of the medium, in file order; their sum is `size`.
  package var content: [Extent]
  package var evidence: [Evidence]
  /// Tells findings of one volume and origin apart, and must not depend on the order of work:
  /// an inode number with its generation, the offset of a directory entry, the offset of a hit.
  package var key: UInt64

  package init(
    volume: UInt16, origin: Origin, kind: Kind = .file, folder: [RawName]? = nil,
    name: RawName? = nil, type: String = "", size: ByteCount, times: Times = Times(),
    content: [Extent], evidence: [Evidence], key: UInt64
  ) {
    self.volume = volume
    self.origin = origin
    self.kind = kind
    self.folder = folder
    self.name = name
    self.type = type
    self.size = size
    self.times = times
    self.content = content
    self.evidence = evidence
    self.key = key
  }

  /// The grade that the evidence supports.
  package var verdict: Verdict { Verdict(of: self) }

  /// Puts what reading the file has shown in the place of what was told of it before.
  ///
  /// - Parameter count: bytes that the medium did not deliver.
  package mutating func setUnreadable(_ count: ByteCount) {
    evidence.removeAll { if case .unreadable = $0 { true } else { false } }
    if count > 0 { evidence.append(.unreadable(count)) }
  }

  package var isDeleted: Bool { origin != .live }

  /// The folder that stands in for a path where content alone told of the file.
  package static let carvedFolder: RawName = "carved"

  /// Whether the file's path is one of its volume's tree.
  package var hasVolumePath: Bool { origin != .carve || folder?.first != Self.carvedFolder }
}
