// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where pieces of files begin and end: multiples of a size, counted from a place.
package struct BlockGrid: Sendable, Equatable {
  /// Bytes of a block: a power of two.
  let size: UInt64
  /// Where the first block begins.
  let phase: UInt64

  static let sector = BlockGrid(size: 512, phase: 0)

  /// Fewer files say nothing about where files begin.
  private static let fewest = 5
  private static let largest: UInt64 = 0x1_0000

  package init(size: UInt64, phase: UInt64) {
    self.size = max(1, size)
    self.phase = phase % self.size
  }

  /// The widest grid on which nearly all of the files begin: that of the file system that wrote them, or
  /// a finer one.
  package init(starts: [ByteOffset]) {
    self = .sector
    guard starts.count >= Self.fewest else { return }
    var size = Self.largest
    while size > Self.sector.size {
      var votes: [UInt64: Int] = [:]
      for start in starts { votes[start.rawValue % size, default: 0] += 1 }
      let best = votes.min { ($1.value, $0.key) < ($0.value, $1.key) }
      if let best, best.value * 8 >= starts.count * 7 {
        self.init(size: size, phase: best.key)
        return
      }
      size /= 2
    }
  }

  /// Whether a block begins there.
  func isStart(_ offset: ByteOffset) -> Bool { (offset.rawValue &- phase) % size == 0 }

  /// The first start of a block at or behind `offset`.
  func next(_ offset: ByteOffset) -> ByteOffset {
    let rest = (offset.rawValue &- phase) % size
    return rest == 0 ? offset : offset.advancedClamped(by: ByteCount(size - rest))
  }

  /// The last start of a block at or before `offset`; zero where there is none.
  func last(_ offset: ByteOffset) -> ByteOffset {
    let rest = (offset.rawValue &- phase) % size
    return ByteOffset(offset.rawValue >= rest ? offset.rawValue - rest : 0)
  }
}
