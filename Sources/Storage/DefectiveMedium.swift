// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A medium of which some ranges are known not to have been read: an image with its mapfile.
///
/// Whatever fills those ranges in the image is not of the disk, so nobody gets to see it.
package final class DefectiveMedium: Medium {
  private let base: any Medium
  package let knownDefects: RangeSet<ByteOffset>
  private let ranges: [Range<ByteOffset>]

  package init(_ base: any Medium, defects: RangeSet<ByteOffset>) {
    self.base = base
    knownDefects = defects.union(base.knownDefects)
    ranges = Array(knownDefects.ranges)
  }

  package var name: String { base.name }
  package var length: ByteCount { base.length }
  package var sectorSize: ByteCount { base.sectorSize }

  /// The parts of `range` that are defects, in order.
  private func defects(in range: Range<ByteOffset>) -> [Range<ByteOffset>] {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var found: [Range<ByteOffset>] = []
    while low < ranges.count, ranges[low].lowerBound < range.upperBound {
      let part = ranges[low].clamped(to: range)
      if !part.isEmpty { found.append(part) }
      low += 1
    }
    return found
  }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let range = offset..<offset.advancedClamped(by: ByteCount(clamping: target.count))
    guard let defect = defects(in: range).first else {
      return try unsafe base.read(at: offset, into: target)
    }
    let good = Int(clamping: (offset..<defect.lowerBound).length.rawValue)
    // SAFETY: the defect lies inside the range that the target takes.
    try unsafe base.read(
      at: offset, into: UnsafeMutableRawBufferPointer(rebasing: target[..<good]))
    throw ReadError(source: name, range: defect)
  }

  package func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    if let defect = defects(in: range).first { throw ReadError(source: name, range: defect) }
    try base.withBytes(in: range, body)
  }

  package func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    let known = defects(in: range)
    if known.isEmpty { return try base.withReadableBytes(in: range, body) }
    let buffer = ScratchBuffer(count: try range.length.inMemory())
    unsafe buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
    var bad = known
    var position = range.lowerBound
    for end in known + [range.upperBound..<range.upperBound] {
      if position < end.lowerBound {
        try copy(position..<end.lowerBound, of: range, into: buffer, defects: &bad)
      }
      position = end.upperBound
    }
    try unsafe body(UnsafeRawBufferPointer(buffer.bytes).bytes, RangeSet(unsorted: bad))
  }

  private func copy(
    _ part: Range<ByteOffset>, of range: Range<ByteOffset>, into buffer: borrowing ScratchBuffer,
    defects: inout [Range<ByteOffset>]
  ) throws {
    let start = Int(clamping: (range.lowerBound..<part.lowerBound).length.rawValue)
    let target = unsafe buffer.bytes
    var found: [Range<ByteOffset>] = []
    try base.withReadableBytes(in: part) { bytes, lost in
      found = Array(lost.ranges)
      unsafe bytes.withUnsafeBytes { from in
        // SAFETY: the part lies inside the range, and the buffer is as long as the range.
        let place = unsafe UnsafeMutableRawBufferPointer(
          rebasing: target[start..<(start + from.count)])
        unsafe place.copyMemory(from: from)
      }
    }
    defects += found
  }
}
