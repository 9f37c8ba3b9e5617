// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The last frame of a file that was cut short: the zeros of its sector's rest show where.
enum CutFrame {
  private static let sector: UInt64 = 512
  private static let fewestZeros = 4

  /// Where zeros begin inside `frame` that reach up to a sector's end; nil where none do.
  static func end(in file: Source, _ frame: Range<ByteOffset>) throws -> ByteOffset? {
    let start = frame.lowerBound
    let rest = Self.sector - start.rawValue % Self.sector
    let count = min(frame.length.rawValue, 0x1_0000) + Self.sector
    let bytes = try file.readPrefix(at: start, count: ByteCount(count))
    var index = Int(clamping: rest)
    while index <= bytes.count {
      let zeros = bytes[..<index].reversed().prefix { $0 == 0 }.count
      if zeros >= fewestZeros {
        let cut = start.advancedClamped(by: ByteCount(clamping: index - zeros))
        return cut < frame.upperBound ? cut : nil
      }
      index += Int(clamping: Self.sector)
    }
    return nil
  }
}
