// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dispatch
import Storage

/// A source that is being imaged, as a medium: what is asked of it is read from the image, once it
/// was read from the source into the image.
///
/// So file systems can be looked at while a disk is rescued, and no sector is read twice.
package final class RescueMedium: Medium {
  package let name: String
  package let length: ByteCount
  package let sectorSize: ByteCount
  // SAFETY: used on `queue` alone; whoever started the job waits while the medium is in use.
  private nonisolated(unsafe) let imager: Imager
  private let queue = DispatchQueue(label: "rescue medium")

  package init(_ imager: Imager) {
    unsafe self.imager = imager
    name = imager.drive.name
    length = imager.length
    sectorSize = imager.drive.sector
  }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let range = offset..<offset.advancedClamped(by: ByteCount(clamping: target.count))
    // SAFETY: the caller waits in this call until the queue is done with it.
    nonisolated(unsafe) let target = unsafe target
    try queue.sync { try unsafe imager.read(range, into: target) }
  }
}

extension Imager {
  /// How much is read at once around what is asked for.
  private static let step: UInt64 = 0x1_0000
  /// Where a step fails, its parts are read alone: what devices fail in, as a rule.
  private static let part: UInt64 = 0x1000

  /// Reads a range through the image; throws `ReadError` with the first part that does not come.
  func read(_ range: Range<ByteOffset>, into target: UnsafeMutableRawBufferPointer) throws {
    guard range.upperBound <= ByteOffset(length) else { throw Truncated() }
    try fetch(range)
    consumer.settle()
    try consumer.check()
    if let missing = firstMissing(in: range) { throw ReadError(source: drive.name, range: missing) }
    try unsafe images[0].read(at: range.lowerBound, into: target)
  }

  private func firstMissing(in range: Range<ByteOffset>) -> Range<ByteOffset>? {
    var position = range.lowerBound
    while position < range.upperBound {
      let block = policy.map.block(at: position)
      if block.status != .finished { return block.range.clamped(to: range) }
      position = block.range.upperBound
    }
    return nil
  }

  /// Tries what of a range was never tried, with what lies around it.
  private func fetch(_ range: Range<ByteOffset>) throws {
    let around = Self.rounded(range, to: Self.step, length)
    var position = around.lowerBound
    while let next = policy.map.next(.nonTried, from: position), next.lowerBound < range.upperBound
    {
      let whole = next.clamped(to: around)
      let end = min(whole.upperBound, whole.lowerBound.advancedClamped(by: Attempt.longest))
      let piece = whole.lowerBound..<end
      position = end
      guard piece.overlaps(range) else { continue }
      try fetch(piece, wanted: range)
    }
  }

  /// Reads a piece; where it fails, those of its parts that are wanted.
  private func fetch(_ piece: Range<ByteOffset>, wanted: Range<ByteOffset>) throws {
    try perform([Attempt(piece, .copying, limit: 10)], isPlanned: false)
    guard policy.map.status(at: piece.lowerBound) != .finished else { return }
    for part in piece.pieces(of: Self.part) where part.overlaps(wanted) {
      if observer.isCancelled() { throw Interrupted() }
      try perform([Attempt(part, .scraping, limit: 10)], isPlanned: false)
    }
  }

  private static func rounded(
    _ range: Range<ByteOffset>, to unit: UInt64, _ length: ByteCount
  ) -> Range<ByteOffset> {
    let start = ByteOffset(range.lowerBound.rawValue / unit * unit)
    let (end, overflow) = ((range.upperBound.rawValue - 1) / unit + 1).multipliedReportingOverflow(
      by: unit)
    return start..<min(ByteOffset(overflow ? length.rawValue : end), ByteOffset(length))
  }
}

extension Range<ByteOffset> {
  /// Its parts between multiples of `unit`.
  func pieces(of unit: UInt64) -> [Range<ByteOffset>] {
    var result: [Range<ByteOffset>] = []
    var start = lowerBound
    while start < upperBound {
      let next = ByteOffset(start.rawValue / unit * unit).advancedClamped(by: ByteCount(unit))
      result.append(start..<Swift.min(next, upperBound))
      start = next
    }
    return result
  }
}
