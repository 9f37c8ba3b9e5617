// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings
import Storage

/// Compares files with the bytes of the medium that they came from.
struct ContentComparison: Sendable {
  /// What the comparison of one file showed.
  struct Result: Equatable, Sendable {
    var difference: ContentDifference?
    /// Bytes that the medium did not deliver, so that nothing is known of them.
    var unread: ByteCount = 0
  }

  private let medium: any Medium
  private let unreadIsZero: Bool
  private static let block = 512

  init(_ medium: any Medium, unreadIsZero: Bool) {
    self.medium = medium
    self.unreadIsZero = unreadIsZero
  }

  private func source(_ content: [Extent]) -> Source {
    Source(medium, extents: content, name: medium.name, unpacker: Unpacking.unpack)
  }

  /// Compares a file with `content`; nil where the file cannot be read.
  ///
  /// - Parameter report: gets the number of bytes of each piece; what it throws is thrown.
  func compare(
    _ path: [UInt8], in tree: FolderTree, with content: [Extent],
    buffer: borrowing ScratchBuffer, report: (ByteCount) throws -> Void
  ) throws -> Result? {
    let source = source(content)
    var result = Result()
    var position: ByteOffset = 0
    let isWhole = try tree.read(path, into: buffer) { bytes in
      let count = ByteCount(clamping: bytes.byteCount)
      let end = position.advancedClamped(by: count)
      compare(bytes, with: source, at: position..<end, &result)
      position = end
      try report(count)
      return true
    }
    guard isWhole else { return nil }
    if position < source.range.upperBound { result.add(position..<source.range.upperBound) }
    return result
  }

  private func compare(
    _ bytes: RawSpan, with source: Source, at range: Range<ByteOffset>, _ result: inout Result
  ) {
    let end = min(range.upperBound, source.range.upperBound)
    if range.lowerBound < end {
      let count = Int(clamping: (range.lowerBound..<end).length.rawValue)
      let own = bytes.extracting(first: count)
      let isRead: Void? = try? source.withBytes(in: range.lowerBound..<end) { theirs in
        result.add(differences: own, theirs, at: range.lowerBound)
      }
      if isRead == nil { compareBlocks(own, with: source, at: range.lowerBound, &result) }
    }
    if end < range.upperBound { result.add(max(range.lowerBound, end)..<range.upperBound) }
  }

  /// The same block by block, where not all can be read.
  private func compareBlocks(
    _ bytes: RawSpan, with source: Source, at start: ByteOffset, _ result: inout Result
  ) {
    var done = 0
    while done < bytes.byteCount {
      let count = min(Self.block, bytes.byteCount - done)
      let own = bytes.extracting(droppingFirst: done).extracting(first: count)
      let place = start.advancedClamped(by: ByteCount(clamping: done))
      let isRead: Void? = try? source.withBytes(
        in: Range(at: place, count: ByteCount(clamping: count))
      ) { result.add(differences: own, $0, at: place) }
      if isRead == nil, unreadIsZero {
        let zeros = [UInt8](repeating: 0, count: count)
        zeros.withSpan { result.add(differences: own, $0, at: place) }
      } else if isRead == nil {
        result.unread = result.unread.addingClamped(ByteCount(clamping: count))
      }
      done += count
    }
  }

  /// The SHA-256 of what a file should hold; nil where not all of it can be read.
  func sha256(of content: [Extent], report: () throws -> Void) throws -> [UInt8]? {
    let source = source(content)
    var digest = SHA256()
    var position: ByteOffset = 0
    while position < source.range.upperBound {
      try report()
      guard let bytes = try? source.readPrefix(at: position, count: 0x10_0000) else { return nil }
      digest.update(bytes)
      position = position.advancedClamped(by: ByteCount(clamping: bytes.count))
    }
    return digest.finish()
  }

  /// Where bytes of the file are on the medium, as far as they are there as they stand.
  func places(of ranges: [Range<ByteOffset>], in content: [Extent]) -> [Range<ByteOffset>] {
    let source = source(content)
    return ranges.flatMap { range -> [Range<ByteOffset>] in
      let inside = range.clamped(to: source.range)
      return ((try? source.onMedium(inside)) ?? []).mediumRanges
    }
  }
}

extension ContentComparison.Result {
  /// Takes up a range that differs, behind all others.
  mutating func add(_ range: Range<ByteOffset>) {
    if difference == nil { difference = ContentDifference(range) } else { difference?.add(range) }
  }

  /// Takes up where two pieces of the same length differ.
  fileprivate mutating func add(differences own: RawSpan, _ theirs: RawSpan, at start: ByteOffset) {
    var done = 0
    while done < own.byteCount,
      let place = own.extracting(droppingFirst: done).firstDifference(
        from: theirs.extracting(droppingFirst: done))
    {
      let first = done + place
      let block = 512
      let end = Swift.min((first / block + 1) * block, own.byteCount)
      let from = start.advancedClamped(by: ByteCount(clamping: first))
      add(from..<start.advancedClamped(by: ByteCount(clamping: end)))
      done = end
    }
  }
}
