// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings

/// The walk over a Flash movie: its tags where they are plain, else the stream that packs them.
///
/// | Size | Field      | Unit                                                                 |
/// |-----:|------------|----------------------------------------------------------------------|
/// |    … | frame size | 5 bits: n; 4 × n bits; filled up to a byte                           |
/// |    4 | frames     | rate, count                                                          |
/// |    … | tags       | u16: length in the low 6 bits (0x3F: u32 behind), kind; data         |
///
/// - Source: Adobe, *SWF File Format Specification, version 19*, chapter 2, "SWF file structure".
struct SWFWalk {
  private let file: Source
  private var window: Window

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    let length = try walk.window.little(UInt32.self, at: 4)
    switch try walk.window.byte(at: 0) {
    case 0x46: return try walk.plain(end: ByteOffset(UInt64(length)))
    case 0x43: return try walk.deflated(length: UInt64(length))
    default:
      let packed = try walk.window.little(UInt32.self, at: 8)
      let end = try ByteOffset(17) + ByteCount(UInt64(packed))
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("swf", "Flash", end: end, and: [.payloadUnchecked])
    }
  }

  private func deflated(length: UInt64) throws -> Examination {
    let inflated = try Inflation.inflate(file, from: 8, wrapper: .zlib, limit: length)
    let end = ByteOffset(8).advancedClamped(by: inflated.consumed)
    switch inflated.end {
    case .truncated: throw Truncated()
    case .complete where inflated.produced == length &- 8: break
    default: throw Malformed("Flash", "its data cannot be decompressed", at: end)
    }
    return .whole("swf", "Flash", end: end, and: [.checksumsHold(count: 1, kind: "Adler-32")])
  }

  /// Walks the tags of a plain movie, which end where its length says.
  private mutating func plain(end: ByteOffset) throws -> Examination {
    let rectangle = 5 + 4 * Int(try window.byte(at: 8) >> 3)
    var position = try ByteOffset(8) + ByteCount(clamping: (rectangle + 7) / 8 + 4)
    var isEnded = false
    while position < end, !isEnded {
      let head = try window.little(UInt16.self, at: position)
      var size = UInt64(head & 0x3F)
      let start = position
      position = try position + 2
      if size == 0x3F {
        size = UInt64(try window.little(UInt32.self, at: position))
        position = try position + 4
      }
      position = try position + ByteCount(size)
      guard position <= end else {
        throw Malformed("Flash", "a tag reaches beyond the movie", at: start)
      }
      isEnded = head == 0
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    // Some writers put data of their own behind the last tag.
    return .whole("swf", "Flash", end: end, and: position == end ? [] : [.payloadUnchecked])
  }

  /// Whether a frame size and tags of known kinds stand in a plain movie, as far as the bytes go.
  static func resemblesBody(_ bytes: RawSpan) -> Bool {
    guard let first = try? bytes.little(UInt8.self, at: 8), (1...26).contains(first >> 3) else {
      return false
    }
    var position = 8 + (5 + 4 * Int(first >> 3) + 7) / 8 + 4
    for _ in 0..<4 {
      guard let head = try? bytes.little(UInt16.self, at: position) else { return true }
      guard head >> 6 <= 93 else { return false }
      if head == 0 { return true }
      let length = (try? bytes.little(UInt32.self, at: position + 2)) ?? 0
      let isLong = head & 0x3F == 0x3F
      guard length <= 0x1000_0000 || !isLong else { return false }
      position += isLong ? 6 + Int(length) : 2 + Int(head & 0x3F)
    }
    return true
  }
}
