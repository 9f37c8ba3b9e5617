// SPDX-License-Identifier: Apache-2.0

extension RawSpan {
  /// The little-endian integer at `offset`, or throws `Truncated` beyond the end.
  @inlinable package func little<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type = T.self, at offset: Int
  ) throws(Truncated) -> T {
    let width = MemoryLayout<T>.size
    guard offset >= 0, byteCount >= width, offset <= byteCount &- width else { throw Truncated() }
    // SAFETY: the guard keeps the load inside the span; any bit pattern is an integer.
    return unsafe T(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// The big-endian integer at `offset`, or throws `Truncated` beyond the end.
  @inlinable package func big<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type = T.self, at offset: Int
  ) throws(Truncated) -> T {
    try little(type, at: offset).byteSwapped
  }

  /// Whether `bytes` stand at `offset`; false beyond the end.
  @inlinable package func holds(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset <= byteCount, bytes.count <= byteCount - offset else { return false }
    for (index, byte) in bytes.enumerated()
    where (try? little(UInt8.self, at: offset + index)) != byte { return false }
    return true
  }

  /// A copy of `count` bytes from `offset` on, or throws `Truncated`.
  @inlinable package func copy(at offset: Int, count: Int) throws(Truncated) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset
    else { throw Truncated() }
    let part = extracting(offset..<(offset + count))
    // SAFETY: the closure does not keep the pointer.
    return unsafe part.withUnsafeBytes { unsafe [UInt8]($0) }
  }
}

extension [UInt8] {
  /// The little-endian integer at `offset`, or throws `Truncated` beyond the end.
  @inlinable package func little<T: FixedWidthInteger>(
    _ type: T.Type = T.self, at offset: Int
  ) throws(Truncated) -> T {
    let width = MemoryLayout<T>.size
    guard offset >= 0, count >= width, offset <= count &- width else { throw Truncated() }
    var value: T = 0
    var index = offset &+ width
    while index > offset {
      index &-= 1
      value = (value << 8) | T(truncatingIfNeeded: self[index])
    }
    return value
  }

  /// The big-endian integer at `offset`, or throws `Truncated` beyond the end.
  @inlinable package func big<T: FixedWidthInteger>(
    _ type: T.Type = T.self, at offset: Int
  ) throws(Truncated) -> T {
    try little(type, at: offset).byteSwapped
  }

  /// Whether `bytes` stand at `offset`; false beyond the end.
  @inlinable package func holds(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset <= count, bytes.count <= count - offset else { return false }
    return self[offset..<(offset + bytes.count)].elementsEqual(bytes)
  }

  /// A copy of `count` bytes from `offset` on, or throws `Truncated`.
  @inlinable package func copy(at offset: Int, count length: Int) throws(Truncated) -> [UInt8] {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset
    else { throw Truncated() }
    return [UInt8](self[offset..<(offset + length)])
  }

  /// Lends the bytes as a span, for parsers that read one.
  @inlinable package func withSpan<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    // SAFETY: the span lives no longer than the call, and the array is not changed meanwhile.
    try body(unsafe span.bytes)
  }
}
