// SPDX-License-Identifier: Apache-2.0

/// Where bytes come from: a file, a device, a compressed image. Knows nothing of what they mean.
package protocol Medium: AnyObject, Sendable {
  /// What the user calls it: a path, as a rule.
  var name: String { get }
  var length: ByteCount { get }
  /// The smallest unit that can fail alone, in bytes: a power of two.
  var sectorSize: ByteCount { get }
  /// What is known beforehand not to be readable: the unread ranges of a mapfile.
  var knownDefects: RangeSet<ByteOffset> { get }

  /// Whether a range is known, without reading it, to be zeros alone: a hole of a sparse image.
  func isHole(_ range: Range<ByteOffset>) -> Bool

  /// Copies exactly as many bytes as fit, or throws `ReadError` with the first range not delivered.
  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws

  /// Lends exactly `range` of the medium, at most `Source.longestRead` bytes, or throws
  /// `ReadError`. A medium may lend its own memory instead of a copy.
  func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws

  /// Lends `range` like `withBytes`, but with zeros where sectors cannot be read, and says which:
  /// for scans that look everywhere. Throws only what `body` throws.
  func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, _ defects: RangeSet<ByteOffset>) throws -> Void
  ) throws
}

extension Medium {
  package var sectorSize: ByteCount { 512 }
  package var knownDefects: RangeSet<ByteOffset> { RangeSet() }
  package func isHole(_ range: Range<ByteOffset>) -> Bool { false }

  package func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    let buffer = try ScratchBuffer(count: range.length.inMemory())
    try unsafe read(at: range.lowerBound, into: buffer.bytes)
    try unsafe body(UnsafeRawBufferPointer(buffer.bytes).bytes)
  }

  package func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    let buffer = try ScratchBuffer(count: range.length.inMemory())
    var defects: [Range<ByteOffset>] = []
    unsafe read(range, into: buffer.bytes, defects: &defects)
    try unsafe body(UnsafeRawBufferPointer(buffer.bytes).bytes, RangeSet(unsorted: defects))
  }

  /// Fills `target` with `range`, halving what fails down to the sector; zeros stand for the rest.
  private func read(
    _ range: Range<ByteOffset>, into target: UnsafeMutableRawBufferPointer,
    defects: inout [Range<ByteOffset>]
  ) {
    do {
      try unsafe read(at: range.lowerBound, into: target)
    } catch {
      let sector = Int(clamping: sectorSize.rawValue)
      guard target.count > sector else {
        unsafe target.initializeMemory(as: UInt8.self, repeating: 0)
        return defects.append(range)
      }
      let half = (target.count / 2 + sector - 1) / sector * sector
      let middle = range.lowerBound.advancedClamped(by: ByteCount(clamping: half))
      // SAFETY: half lies between one sector and the whole target.
      unsafe read(
        range.lowerBound..<middle,
        into: UnsafeMutableRawBufferPointer(rebasing: target[..<half]), defects: &defects)
      unsafe read(
        middle..<range.upperBound,
        into: UnsafeMutableRawBufferPointer(rebasing: target[half...]), defects: &defects)
    }
  }
}
