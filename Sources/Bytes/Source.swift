// SPDX-License-Identifier: Apache-2.0

/// Named bytes that can only be read: pieces of one medium, in order.
///
/// A disk, a partition, a candidate file and a recovered file are all sources. A source is a value:
/// slicing and joining flatten, nothing nests and nothing is copied. Offsets are relative to it.
@usableFromInline package struct Source: Sendable {
  /// The most that one read or one `withBytes` may ask for: 16 MiB. Longer is read in parts.
  @usableFromInline package static let longestRead = 0x100_0000

  /// A part of the source: extents in order, each with the offset at which it starts.
  struct Piece: Sendable {
    let start: ByteOffset
    let extent: Extent
    var end: ByteOffset { start.advancedClamped(by: extent.count) }
  }

  package let name: String
  package let length: ByteCount
  /// Nil for a source of bytes in memory alone.
  package let medium: (any Medium)?
  let pieces: [Piece]
  /// What unpacks compressed pieces; without, they cannot be read.
  let unpacker: Packed.Unpacker?
  /// Kept where there are compressed pieces.
  let unpacked: UnpackedPiece?

  /// A whole medium.
  package init(_ medium: any Medium) {
    self.init(medium, extents: [Extent(.medium(0), count: medium.length)], name: medium.name)
  }

  /// Bytes in memory: for tests, and for structures that were put right.
  package init(bytes: [UInt8], name: String = "bytes") {
    let count = ByteCount(clamping: bytes.count)
    self.init(nil, extents: [Extent(.bytes(bytes), count: count)], name: name)
  }

  /// Parts of a medium, joined in order.
  ///
  /// - Parameter unpacker: what unpacks compressed pieces.
  package init(
    _ medium: (any Medium)?, extents: [Extent], name: String, unpacker: Packed.Unpacker? = nil
  ) {
    self.medium = medium
    self.unpacker = unpacker
    self.name = name
    var pieces: [Piece] = []
    var position: ByteOffset = 0
    for extent in extents.coalesced {
      pieces.append(Piece(start: position, extent: extent))
      position = position.advancedClamped(by: extent.count)
    }
    self.pieces = pieces
    length = ByteCount(position.rawValue)
    let hasPacked = pieces.contains { if case .packed = $0.extent.place { true } else { false } }
    unpacked = hasPacked ? UnpackedPiece() : nil
  }

  /// From the first byte to the end.
  package var range: Range<ByteOffset> { 0..<ByteOffset(length) }

  /// A part of the source as a source of its own, or throws `Truncated`.
  package func slice(_ range: Range<ByteOffset>, name: String? = nil) throws(Truncated) -> Source {
    Source(
      medium, extents: try extents(of: range), name: name ?? self.name, unpacker: unpacker)
  }

  /// A source of other extents of the same medium: a file found on this source.
  package func joined(_ extents: [Extent], name: String? = nil) -> Source {
    Source(medium, extents: extents, name: name ?? self.name, unpacker: unpacker)
  }

  /// The same source, which can read what a file system compressed.
  package func unpacking(with unpacker: @escaping Packed.Unpacker) -> Source {
    Source(medium, extents: pieces.map(\.extent), name: name, unpacker: unpacker)
  }

  /// Where `range` of this source lies on the medium, in order; throws `Truncated` beyond the end.
  package func onMedium(_ range: Range<ByteOffset>) throws(Truncated) -> [Extent] {
    try extents(of: range)
  }

  /// The same source with other bytes in some places: a journal replayed in memory.
  ///
  /// - Parameter patches: sorted by offset, without overlap, each inside the source.
  package func patched(_ patches: [(start: ByteOffset, extent: Extent)]) throws(Truncated) -> Source
  {
    var result: [Extent] = []
    var position: ByteOffset = 0
    for patch in patches {
      guard patch.start >= position else { throw Truncated() }
      result += try extents(of: position..<patch.start)
      result.append(patch.extent)
      position = patch.start.advancedClamped(by: patch.extent.count)
    }
    guard position <= range.upperBound else { throw Truncated() }
    result += try extents(of: position..<range.upperBound)
    return Source(medium, extents: result, name: name, unpacker: unpacker)
  }

  private func extents(of range: Range<ByteOffset>) throws(Truncated) -> [Extent] {
    guard range.upperBound <= self.range.upperBound else { throw Truncated() }
    var result: [Extent] = []
    var index = pieceIndex(at: range.lowerBound)
    while index < pieces.count, pieces[index].start < range.upperBound {
      let piece = pieces[index]
      let from = max(piece.start, range.lowerBound)
      let to = min(piece.end, range.upperBound)
      if from < to {
        result.append(
          piece.extent.part(skipping: (piece.start..<from).length, count: (from..<to).length))
      }
      index += 1
    }
    return result
  }

  /// The index of the piece that holds `offset`, or of the last one before it.
  func pieceIndex(at offset: ByteOffset) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
