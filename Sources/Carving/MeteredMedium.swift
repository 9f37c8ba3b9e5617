// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization

/// A medium that counts what one candidate reads of it, and ends the reading where it grows out of all
/// proportion: no walk over hostile bytes may keep a scan for ever.
final class MeteredMedium: Medium {
  /// The candidate has read its share.
  struct Spent: Error {}

  private let base: any Medium
  private let start: ByteOffset?
  private let allowance: UInt64
  private let count = Atomic<UInt64>(0)
  private let farthest = Atomic<UInt64>(0)

  /// Walks over sound files read each byte up to three times.
  private static let mostRepeats: UInt64 = 8

  /// - Parameters:
  ///   - start: where the candidate begins; nil where its pieces lie anywhere.
  ///   - allowance: bytes that may be read, beside eight times as many as lie between the start and the
  ///     farthest place read.
  init(_ base: any Medium, start: ByteOffset?, allowance: UInt64) {
    self.base = base
    self.start = start
    self.allowance = allowance
  }

  /// Bytes read so far.
  var used: UInt64 { count.load(ordering: .relaxed) }

  /// From the start to the last byte read.
  var span: Range<ByteOffset>? {
    start.map { $0..<$0.advancedClamped(by: ByteCount(farthest.load(ordering: .relaxed))) }
  }

  var name: String { base.name }
  var length: ByteCount { base.length }
  var sectorSize: ByteCount { base.sectorSize }
  var knownDefects: RangeSet<ByteOffset> { base.knownDefects }

  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    try charge(offset, UInt64(clamping: target.count))
    try unsafe base.read(at: offset, into: target)
  }

  func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    try charge(range.lowerBound, range.length.rawValue)
    try base.withBytes(in: range, body)
  }

  func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    try charge(range.lowerBound, range.length.rawValue)
    try base.withReadableBytes(in: range, body)
  }

  private func charge(_ offset: ByteOffset, _ bytes: UInt64) throws {
    // Even the smallest read costs something.
    let used = count.add(max(bytes, 64), ordering: .relaxed).newValue
    let reach = start.map { offset.rawValue &- min($0, offset).rawValue &+ bytes }
    let most = farthest.max(reach ?? 0, ordering: .relaxed).newValue
    let (scaled, overflow) = most.multipliedReportingOverflow(by: Self.mostRepeats)
    guard overflow || used <= allowance.addingReportingOverflow(scaled).partialValue else {
      throw Spent()
    }
  }
}
