// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A file seen through a window that moves along: for structures that are short and many.
struct Window {
  let file: Source
  private let span: Int
  private var bytes: [UInt8] = []
  private var start: ByteOffset = 0

  /// - Parameter span: how much one read fetches; small where the walk leaps, large where it does
  ///   not.
  init(_ file: Source, span: Int = 0x1_0000) {
    self.file = file
    self.span = span
  }

  /// The byte at `offset`, or throws `Truncated` beyond the end.
  mutating func byte(at offset: ByteOffset) throws -> UInt8 {
    let index = try index(of: offset, count: 1)
    return bytes[index]
  }

  /// The big-endian integer at `offset`.
  mutating func big<T: FixedWidthInteger>(
    _ type: T.Type = T.self, at offset: ByteOffset
  ) throws -> T {
    let index = try index(of: offset, count: MemoryLayout<T>.size)
    return try bytes.big(type, at: index)
  }

  /// The little-endian integer at `offset`.
  mutating func little<T: FixedWidthInteger>(
    _ type: T.Type = T.self, at offset: ByteOffset
  ) throws -> T {
    let index = try index(of: offset, count: MemoryLayout<T>.size)
    return try bytes.little(type, at: index)
  }

  /// A copy of `count` bytes, which the caller has capped.
  mutating func copy(at offset: ByteOffset, count: Int) throws -> [UInt8] {
    let index = try index(of: offset, count: count)
    return try bytes.copy(at: index, count: count)
  }

  /// Whether these bytes stand at `offset`; false beyond the end.
  mutating func holds(_ expected: [UInt8], at offset: ByteOffset) throws -> Bool {
    guard let end = try? offset + ByteCount(clamping: expected.count),
      end <= file.range.upperBound
    else { return false }
    let index = try index(of: offset, count: expected.count)
    return bytes.holds(expected, at: index)
  }

  /// Where in `bytes` the `count` bytes from `offset` on stand, fetched if need be.
  private mutating func index(of offset: ByteOffset, count: Int) throws -> Int {
    if offset >= start {
      let skip = offset.rawValue &- start.rawValue
      if skip <= UInt64(clamping: bytes.count), count <= bytes.count &- Int(clamping: skip) {
        return Int(clamping: skip)
      }
    }
    bytes = try file.readPrefix(at: offset, count: ByteCount(clamping: max(span, count)))
    start = offset
    guard count <= bytes.count else { throw Truncated() }
    return 0
  }
}
