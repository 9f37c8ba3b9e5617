// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The variable-length codes of one GIF image: followed, not drawn. What counts is that each code
/// is known when it comes, and how many pixels they stand for.
///
/// - Source: CompuServe, *Graphics Interchange Format, Version 89a*, appendix F "Variable-Length-Code
///   LZW Compression".
struct GIFCodes {
  private let clear: Int
  private var width: Int
  private let firstWidth: Int
  private var next: Int
  private var previousLength: UInt64 = 0
  private var lengths: [UInt64]
  private var bits: UInt32 = 0
  private var bitCount = 0
  private(set) var hasEnded = false
  private(set) var pixels: UInt64 = 0

  /// - Parameter offset: where the code width stands, for the error.
  init(minimumWidth: UInt8, at offset: ByteOffset) throws(Malformed) {
    guard (1...8).contains(minimumWidth) else {
      throw Malformed("GIF", "code width is \(minimumWidth), not 1 to 8", at: offset)
    }
    clear = 1 << Int(minimumWidth)
    firstWidth = Int(minimumWidth) + 1
    width = firstWidth
    next = clear + 2
    lengths = [UInt64](repeating: 1, count: 4096)
  }

  /// Follows the codes of one data block; throws at the first that no encoder writes.
  mutating func follow(_ data: [UInt8], at offset: ByteOffset) throws(Malformed) {
    for byte in data {
      if hasEnded { return }
      bits |= UInt32(byte) << UInt32(bitCount)
      bitCount += 8
      while bitCount >= width, !hasEnded {
        let code = Int(bits & ((1 << UInt32(width)) - 1))
        bits >>= UInt32(width)
        bitCount -= width
        guard take(code) else { throw Malformed("GIF", "an unknown code", at: offset) }
      }
    }
  }

  private mutating func take(_ code: Int) -> Bool {
    if code == clear {
      width = firstWidth
      next = clear + 2
      previousLength = 0
      return true
    }
    if code == clear + 1 {
      hasEnded = true
      return true
    }
    guard code < next || (code == next && previousLength > 0 && next < 4096) else { return false }
    let length = code == next ? previousLength &+ 1 : lengths[code]
    if previousLength > 0, next < 4096 {
      lengths[next] = previousLength &+ 1
      next += 1
      if next == 1 << width, width < 12 { width += 1 }
    }
    previousLength = length
    pixels &+= length
    return true
  }
}
