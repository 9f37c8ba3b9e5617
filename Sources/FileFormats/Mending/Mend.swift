// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What lets a damaged file be opened: bytes that no disk held, behind its own or in the place of a few.
package struct Mend: Sendable, Equatable {
  /// How many of the file's bytes stay.
  package let kept: ByteCount
  /// Bytes written over its own, in order and without overlap.
  package var patches: [(start: ByteOffset, bytes: [UInt8])] = []
  /// Bytes behind it.
  package var added: [UInt8] = []
  package let repair: Evidence.Repair

  package init(_ repair: Evidence.Repair, kept: ByteCount, added: [UInt8] = []) {
    self.repair = repair
    self.kept = kept
    self.added = added
  }

  /// Bytes that are not the file's.
  package var made: ByteCount {
    ByteCount(clamping: patches.reduce(added.count) { $0 + $1.bytes.count })
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.kept == right.kept && left.added == right.added && left.repair == right.repair
      && left.patches.elementsEqual(right.patches) { $0.start == $1.start && $0.bytes == $1.bytes }
  }

  /// The file that it makes of these pieces of the medium.
  package func applied(to content: [Extent]) throws -> [Extent] {
    let file = Source(nil, extents: content.prefix(kept), name: "mended")
    let patched = try file.patched(patches.map { ($0.start, Extent(bytes: $0.bytes)) })
    let pieces = try patched.onMedium(patched.range)
    return added.isEmpty ? pieces : pieces + [Extent(bytes: added)]
  }
}
