// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization

/// A medium that notes what of it was asked for in vain: where the structures of a volume lie that
/// nobody could read.
package final class DefectWitness: Medium {
  private struct Missed {
    var ranges: [Range<ByteOffset>] = []
    var limit = 0x1_0000
  }

  private let base: any Medium
  private let unread: UnreadBlocks
  private let missed = Mutex(Missed())

  /// - Parameter map: the one that `base` takes its known defects from.
  package init(_ base: any Medium, map: Mapfile) {
    self.base = base
    unread = UnreadBlocks(map)
  }

  package var name: String { base.name }
  package var length: ByteCount { base.length }
  package var sectorSize: ByteCount { base.sectorSize }
  package var knownDefects: RangeSet<ByteOffset> { base.knownDefects }
  package func isHole(_ range: Range<ByteOffset>) -> Bool { base.isHole(range) }

  /// What was asked for and not delivered.
  package var misses: RangeSet<ByteOffset> { RangeSet(unsorted: missed.withLock { $0.ranges }) }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let range = offset..<offset.advancedClamped(by: ByteCount(clamping: target.count))
    try noting(range) { try unsafe base.read(at: offset, into: target) }
  }

  package func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    try noting(range) { try base.withBytes(in: range, body) }
  }

  package func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    try base.withReadableBytes(in: range) { bytes, defects in
      if !defects.isEmpty { note(Array(defects.ranges)) }
      try body(bytes, defects)
    }
  }

  private func noting(_ range: Range<ByteOffset>, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as ReadError {
      // The error names the first range alone.
      note([error.range.clamped(to: range)] + unread.parts(of: range).map(\.range))
      throw error
    }
  }

  private func note(_ ranges: [Range<ByteOffset>]) {
    missed.withLock { missed in
      missed.ranges += ranges
      guard missed.ranges.count > missed.limit else { return }
      // The same few places are asked for again and again.
      missed.ranges = Array(RangeSet(unsorted: missed.ranges).ranges)
      missed.limit = max(0x1_0000, missed.ranges.count * 2)
    }
  }
}
