// SPDX-License-Identifier: Apache-2.0

extension Source {
  /// Copies the bytes from `offset` on into `target`, filling it.
  ///
  /// Throws `Truncated` beyond the end and `ReadError` where the medium does not deliver.
  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let end = try offset + ByteCount(clamping: target.count)
    guard end <= range.upperBound else { throw Truncated() }
    var position = offset
    var index = pieceIndex(at: offset)
    while position < end, index < pieces.count {
      let piece = pieces[index]
      let stop = min(piece.end, end)
      let from = Int(clamping: (offset..<position).length.rawValue)
      let to = Int(clamping: (offset..<stop).length.rawValue)
      // SAFETY: from ..< to lies inside the target, since stop <= end.
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[from..<to])
      try unsafe copy(piece, from: (piece.start..<position).length, into: part)
      position = stop
      index += 1
    }
  }

  private func copy(
    _ piece: Piece, from skip: ByteCount, into target: UnsafeMutableRawBufferPointer
  ) throws {
    switch piece.extent.place {
    case .hole:
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0)
    case .bytes(let bytes):
      try unsafe copy(bytes, from: skip, into: target)
    case .packed(let packed):
      let bytes = try unpackedBytes(of: packed)
      try unsafe copy(bytes, from: packed.skipped.addingClamped(skip), into: target)
    case .medium(let start):
      guard let medium else { throw Truncated() }
      try unsafe medium.read(at: start.advancedClamped(by: skip), into: target)
    case .lost:
      throw ReadError(source: name, range: piece.start..<piece.end)
    }
  }

  private func copy(
    _ bytes: [UInt8], from skip: ByteCount, into target: UnsafeMutableRawBufferPointer
  ) throws {
    let start = Int(clamping: skip.rawValue)
    guard start <= bytes.count, target.count <= bytes.count - start else { throw Truncated() }
    unsafe bytes[start..<(start + target.count)].withUnsafeBytes {
      unsafe target.copyMemory(from: $0)
    }
  }

  /// All of a compressed piece; throws `Malformed` where it is damaged or nobody can unpack it.
  private func unpackedBytes(of piece: Packed) throws -> [UInt8] {
    guard let unpacker, let unpacked else { throw Malformed(name, "nothing unpacks its pieces") }
    let whole = Packed(piece.method, stored: piece.stored, length: piece.length)
    return try unpacked.bytes(of: whole) {
      let stored = joined(piece.stored.map { Extent($0) })
      guard stored.length <= Packed.longest, piece.length <= Packed.longest else {
        throw Malformed(name, "a compressed piece is too long")
      }
      return try unpacker(whole, stored.read(at: 0, count: stored.length))
    }
  }

  /// A copy of `count` bytes from `offset` on, at most `longestRead`.
  package func read(at offset: ByteOffset, count: ByteCount) throws -> [UInt8] {
    guard try offset + count <= range.upperBound else { throw Truncated() }
    let size = try count.inMemory()
    return try unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, initialised in
      // SAFETY: the buffer has room for `size` bytes, and `read` fills them all or throws.
      let target = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size])
      try unsafe read(at: offset, into: target)
      initialised = size
    }
  }

  /// Copies as many of `count` bytes as lie before the end of the source.
  package func readPrefix(at offset: ByteOffset, count: ByteCount) throws -> [UInt8] {
    guard offset < range.upperBound else { return [] }
    return try read(at: offset, count: min(count, (offset..<range.upperBound).length))
  }

  /// The little-endian integer at `offset`.
  @inlinable package func little<T: FixedWidthInteger>(
    _ type: T.Type = T.self, at offset: ByteOffset
  ) throws -> T {
    T(truncatingIfNeeded: try word(at: offset, count: MemoryLayout<T>.size))
  }

  /// The big-endian integer at `offset`.
  @inlinable package func big<T: FixedWidthInteger>(
    _ type: T.Type = T.self, at offset: ByteOffset
  ) throws -> T {
    try little(type, at: offset).byteSwapped
  }

  /// Up to eight bytes at `offset` as a little-endian number.
  @usableFromInline func word(at offset: ByteOffset, count: Int) throws -> UInt64 {
    var word: UInt64 = 0
    try unsafe withUnsafeMutableBytes(of: &word) { bytes in
      // SAFETY: `count` is the size of an integer of at most eight bytes.
      try unsafe read(
        at: offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<min(count, 8)]))
    }
    return UInt64(littleEndian: word)
  }

  /// Lends exactly `range`, in place or joined in a scratch buffer; at most `longestRead` bytes.
  ///
  /// Throws `Truncated` beyond the end and `ReadError` where the medium does not deliver.
  package func withBytes<R>(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> R) throws -> R
  {
    guard range.upperBound <= self.range.upperBound else { throw Truncated() }
    let count = try range.length.inMemory()
    let index = pieceIndex(at: range.lowerBound)
    if let medium, index < pieces.count, pieces[index].end >= range.upperBound,
      case .medium(let start) = pieces[index].extent.place
    {
      let from = start.advancedClamped(by: (pieces[index].start..<range.lowerBound).length)
      var result: R?
      try medium.withBytes(in: Range(at: from, count: range.length)) { result = try body($0) }
      guard let result else { throw Truncated() }
      return result
    }
    let buffer = ScratchBuffer(count: count)
    try unsafe read(at: range.lowerBound, into: buffer.bytes)
    return try unsafe body(UnsafeRawBufferPointer(buffer.bytes).bytes)
  }
}
