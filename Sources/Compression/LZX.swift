// SPDX-License-Identifier: Apache-2.0

import Bytes

/// LZX as in WIM archives and in files that Windows compresses for its system: pieces of up to 32 KiB,
/// each for itself.
///
/// Blocks of three kinds follow each other: bytes as they are, and two of codes for literals and
/// matches. The lengths of the codes stand in front as differences from those of the block before. A
/// match names its distance, or one of the last three. At the end the targets of what looks like x86
/// calls (0xE8), which were made absolute, are made relative again.
///
/// - Source: Microsoft, *[MS-PATCH] LZX DELTA Compression and Decompression*, §2; for pieces, the
///   constants in E. Biggers, *wimlib*, include/wimlib/lzx_constants.h.
package enum LZX {
  /// The furthest that a match reaches back, and so the most that a piece holds.
  package static let window = 0x8000

  /// All `size` bytes of a piece; nil where it is damaged or longer than `window`.
  package static func unpack(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    guard (1...window).contains(size) else { return nil }
    var run = LZXRun(bytes, size: size)
    guard (try? run.unpack()) != nil else { return nil }
    return callsMadeRelative(run.output)
  }

  /// What calls were counted from, whatever the size of the file.
  private static let callBase: Int32 = 12_000_000
  /// The last bytes hold no call.
  private static let tail = 10

  private static func callsMadeRelative(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var at = 0
    while at < bytes.count - tail {
      guard result[at] == 0xE8, let word = try? result.little(UInt32.self, at: at + 1) else {
        at += 1
        continue
      }
      let target = Int32(bitPattern: word)
      let place = Int32(clamping: at)
      if target >= -place, target < callBase {
        let relative = UInt32(bitPattern: target >= 0 ? target - place : target + callBase)
        for index in 0..<4 {
          result[at + 1 + index] = UInt8(truncatingIfNeeded: relative >> UInt32(8 * index))
        }
      }
      at += 5
    }
    return result
  }
}
