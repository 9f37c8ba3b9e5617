// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A run of one byte value: wiped or never written space, which codes without redundancy accept for
/// a while.
enum RepeatedBytes {
  private static let shortest = 48
  private static let farthest: UInt64 = 0x40_0000

  /// Where a break that was noticed at `offset` really began: the start of a long run of one value
  /// that reaches up to there, or `offset` itself.
  static func start(
    in file: Source, from lowest: ByteOffset, to offset: ByteOffset
  ) throws -> ByteOffset {
    // A decoder notices a few bytes late, inside the next data.
    let seen = try file.readPrefix(at: offset.moved(back: 16, notBefore: lowest), count: 16)
    guard let value = seen.first, offset > lowest else { return offset }
    var end = offset.moved(back: 16, notBefore: lowest)
    let top = end
    while end > lowest, top.rawValue &- end.rawValue < farthest {
      let start = end.moved(back: 0x1_0000, notBefore: lowest)
      let bytes = try file.read(at: start, count: (start..<end).length)
      guard let index = bytes.lastIndex(where: { $0 != value }) else {
        end = start
        continue
      }
      end = start.advancedClamped(by: ByteCount(clamping: index + 1))
      break
    }
    return top.rawValue &- end.rawValue >= UInt64(shortest) ? end : offset
  }
}

extension ByteOffset {
  /// `count` bytes earlier, but not before `lowest`.
  func moved(back count: UInt64, notBefore lowest: ByteOffset) -> ByteOffset {
    rawValue > count ? max(lowest, ByteOffset(rawValue &- count)) : lowest
  }
}
