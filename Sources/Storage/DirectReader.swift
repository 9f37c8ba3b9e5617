// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc
import Synchronization

/// Reads past the page cache, down to the sector, and knows exactly which sectors do not come.
final class DirectReader: Sendable {
  /// How a file takes direct reads.
  struct Way: Sendable {
    let file: any PositionedFile
    /// What offsets and lengths must be multiples of: a power of two, at most `longestStep`.
    let unit: Int
  }

  /// Found out at the first read.
  private let way = Mutex<Way?>(nil)
  private let findWay: @Sendable (ByteOffset) -> Way

  private static let longestStep = 0x10_0000
  private static let page = 4096

  /// - Parameter sector: the smallest unit that can fail alone, a power of two from 512 to 4096.
  convenience init(_ file: Descriptor, sector: Int) {
    self.init { offset in Self.way(of: file, sector: sector, near: offset) }
  }

  /// - Parameter findWay: says how to read, in multiples of what; asked once.
  init(_ findWay: @escaping @Sendable (ByteOffset) -> Way) {
    self.findWay = findWay
  }

  /// Fills `target` from `offset` on, zeros where nothing comes, and returns what did not come.
  ///
  /// - Parameter stopAtFirst: return at the first defect and leave the rest of the target.
  func read(
    at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer, stopAtFirst: Bool
  ) -> [Range<ByteOffset>] {
    let way = self.way.withLock { known in
      if let known { return known }
      let found = findWay(offset)
      known = found
      return found
    }
    let asked = offset..<offset.advancedClamped(by: ByteCount(clamping: target.count))
    let buffer = ScratchBuffer(count: Self.longestStep)
    var defects: [Range<ByteOffset>] = []
    var position = offset
    var step = Self.longestStep
    while position < asked.upperBound {
      let into = Int(clamping: (offset..<position).length.rawValue)
      // SAFETY: position lies inside the range asked for, so `into` lies inside the target.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[into...])
      switch unsafe self.step(way, at: position, count: step, buffer: buffer.bytes, into: rest) {
      case .came(let count):
        position = position.advancedClamped(by: ByteCount(clamping: count))
        step = min(step * 2, Self.longestStep)
      case .failed where step > way.unit:
        step = step > Self.page ? max(Self.page, way.unit) : way.unit
      case .failed:
        let next = ByteOffset(
          (position.rawValue / UInt64(way.unit) + 1).multipliedClamped(by: UInt64(way.unit)))
        let end = min(next, asked.upperBound)
        unsafe Self.zero(rest, (position..<end).length)
        defects.append(position..<end)
        position = end
      case .gone:
        unsafe Self.zero(rest, (position..<asked.upperBound).length)
        defects.append(position..<asked.upperBound)
        position = asked.upperBound
      }
      if stopAtFirst, !defects.isEmpty { break }
    }
    return defects
  }

  private enum Step {
    /// This many bytes, at least one.
    case came(Int)
    case failed
    /// Neither these bytes nor any behind them will come.
    case gone
  }

  /// Reads the units around `position`, `count` bytes at most, and copies what the target takes.
  private func step(
    _ way: Way, at position: ByteOffset, count: Int, buffer: UnsafeMutableRawBufferPointer,
    into target: UnsafeMutableRawBufferPointer
  ) -> Step {
    let lead = Int(truncatingIfNeeded: position.rawValue % UInt64(way.unit))
    let start = ByteOffset(position.rawValue - UInt64(lead))
    let wanted = min(lead + target.count, count)
    let rounded = (wanted + way.unit - 1) / way.unit * way.unit
    let taken = max(way.unit, min(rounded, Self.longestStep))
    // SAFETY: `taken` is at most the buffer's length.
    let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<taken])
    switch unsafe way.file.read(at: start, into: piece) {
    case .success(let got) where got > lead:
      let useful = min(got - lead, target.count)
      // SAFETY: lead + useful <= got <= taken, and useful <= target.count.
      unsafe target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: buffer[lead..<(lead + useful)]))
      return .came(useful)
    case .success: return .gone
    case .failure(let error): return error.isGone ? .gone : .failed
    }
  }

  /// Tries O_DIRECT with the sector, then with a page; else the page cache must do.
  private static func way(
    of file: Descriptor, sector: Int, near offset: ByteOffset
  ) -> Way {
    let number = cs_reopen_direct(file.number)
    guard number >= 0 else { return Way(file: file, unit: sector) }
    let direct = Descriptor(number)
    let buffer = ScratchBuffer(count: page)
    for unit in [sector, page] where unit <= page {
      let start = ByteOffset(offset.rawValue - offset.rawValue % UInt64(unit))
      // SAFETY: unit <= page, the buffer's length.
      let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<unit])
      if case .failure(let error) = unsafe direct.read(at: start, into: piece),
        error.code == EINVAL
      {
        continue
      }
      return Way(file: direct, unit: unit)
    }
    return Way(file: file, unit: sector)
  }

  private static func zero(_ target: UnsafeMutableRawBufferPointer, _ count: ByteCount) {
    let end = min(Int(clamping: count.rawValue), target.count)
    // SAFETY: end <= target.count.
    unsafe UnsafeMutableRawBufferPointer(rebasing: target[..<end])
      .initializeMemory(as: UInt8.self, repeating: 0)
  }
}

extension UInt64 {
  fileprivate func multipliedClamped(by other: UInt64) -> UInt64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
