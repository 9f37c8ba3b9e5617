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

  /// Whether failures are so many that small reads are cheaper: each one costs seconds, a command
  /// thousandths.
  private var isCareful: Bool {
    let read = policy.map.count(.finished).rawValue / Self.part
    return Double(read) < 4096 * Double(failedReads)
  }

  /// Tries what of a range was never tried, with what lies around it, and the parts of what failed
  /// as a whole.
  private func fetch(_ range: Range<ByteOffset>) throws {
    let around = Self.rounded(range, to: Self.step, length)
    var position = around.lowerBound
    while position < range.upperBound {
      let block = policy.map.block(at: position)
      let rest = position..<min(block.range.upperBound, around.upperBound)
      let end = min(rest.upperBound, position.advancedClamped(by: Attempt.longest))
      let piece = position..<end
      position = end
      guard piece.overlaps(range) else { continue }
      switch block.status {
      case .nonTried: try fetch(piece, wanted: range)
      case .nonTrimmed: try fetchParts(piece, wanted: range)
      default: position = rest.upperBound
      }
    }
  }

  /// Reads a piece as a whole; where it fails, or that is to be expected, by its parts.
  private func fetch(_ piece: Range<ByteOffset>, wanted: Range<ByteOffset>) throws {
    if !isCareful {
      try perform([Attempt(piece, .copying, limit: 10)], isPlanned: false)
      if policy.map.status(at: piece.lowerBound) == .finished { return }
    }
    try fetchParts(piece, wanted: wanted)
  }

  /// Reads the wanted parts of each step from both ends, up to the first that fails: what lies
  /// between two that do is left for later.
  private func fetchParts(_ piece: Range<ByteOffset>, wanted: Range<ByteOffset>) throws {
    for step in piece.pieces(of: Self.step) {
      var rest = step.pieces(of: Self.part).filter { $0.overlaps(wanted) }
      var isBackward = false
      while let part = isBackward ? rest.popLast() : rest.first {
        if !isBackward { rest.removeFirst() }
        if observer.isCancelled() { throw Interrupted() }
        try perform([Attempt(part, .scraping, limit: 10)], isPlanned: false)
        if policy.map.status(at: part.lowerBound) == .finished { continue }
        if isBackward { break }
        isBackward = true
      }
      for part in rest { policy.leave(part) }
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
