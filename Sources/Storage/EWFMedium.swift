// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization

/// An EWF image (E01, or SMART's s01) and all its segment files, read as the medium it was made of.
///
/// A chunk whose checksum does not hold, or that no table tells the place of, is a `ReadError`.
package final class EWFMedium: Medium {
  package let name: String
  package let length: ByteCount
  package let sectorSize: ByteCount
  /// What the program that made the image could not read (section `error2`), and what no table of
  /// the image tells the place of.
  package let acquisitionErrors: RangeSet<ByteOffset>
  package let metadata: EWFMetadata
  private let chunkSize: Int
  private let segments: [FileMedium]
  private let tables: [EWFIndex.Table]
  private let idle = Mutex<[Inflater]>([])
  /// The chunks that were used last, for reads shorter than one.
  private let recent = Mutex<[(index: UInt64, bytes: [UInt8])]>([])
  private let pool = BufferPool()
  private static let mostRecent = 16

  /// Opens an image by its first segment file; the others must lie beside it.
  package init(path: String) throws(SourceError) {
    let index = try EWFIndex(path: path)
    name = path
    length = index.geometry.length
    sectorSize = index.geometry.sectorSize
    chunkSize = Int(clamping: index.geometry.chunkSize.rawValue)
    segments = index.segments
    tables = index.tables
    metadata = index.metadata
    acquisitionErrors = index.errors
  }

  /// Whether a file starts as a segment of an EWF image does.
  static func isOne(_ file: FileMedium) -> Bool {
    let start = try? Source(file).readPrefix(at: 0, count: 8)
    return start == EWFSection.signature
  }

  /// What the head of a segment file says it is, from 1.
  static func segmentNumber(of file: FileMedium) -> Int? {
    let head = try? Source(file).read(at: 0, count: ByteCount(clamping: EWFSection.fileHeader))
    return (try? head?.little(UInt16.self, at: 9)).map { Int($0) }
  }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let size = UInt64(chunkSize)
    var done = 0
    while done < target.count {
      let position = offset.advancedClamped(by: ByteCount(clamping: done))
      guard position < ByteOffset(length) else {
        throw ReadError(
          source: name,
          range: position..<offset.advancedClamped(by: ByteCount(clamping: target.count)))
      }
      let chunk = position.rawValue / size
      let skip = Int(position.rawValue % size)
      let whole = range(of: chunk)
      let count = min(Int(clamping: whole.length.rawValue) - skip, target.count - done)
      // SAFETY: count is at most what is left of the target.
      let place = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done..<(done + count)])
      if skip == 0, count == Int(clamping: whole.length.rawValue) {
        try unsafe readWhole(chunk, into: place)
      } else {
        let bytes = try recentChunk(chunk)
        unsafe place.copyBytes(from: bytes[skip..<(skip + count)])
      }
      done += count
    }
  }

  package func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    try unsafe pool.withBuffer(range.length.inMemory()) { buffer in
      try unsafe read(at: range.lowerBound, into: buffer)
      try unsafe body(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  /// What a chunk holds of the medium; the last may be short.
  private func range(of chunk: UInt64) -> Range<ByteOffset> {
    let start = ByteOffset(
      (try? ByteCount(clamping: chunkSize) * chunk) ?? ByteCount(.max))
    let end = start.advancedClamped(by: ByteCount(clamping: chunkSize))
    return start..<max(start, min(end, ByteOffset(length)))
  }

  private func recentChunk(_ chunk: UInt64) throws -> [UInt8] {
    if let found = recent.withLock({ $0.last { $0.index == chunk }?.bytes }) { return found }
    var bytes = [UInt8](repeating: 0, count: Int(clamping: range(of: chunk).length.rawValue))
    try unsafe bytes.withUnsafeMutableBytes { try unsafe readWhole(chunk, into: $0) }
    let unpacked = bytes
    recent.withLock { recent in
      if recent.count >= Self.mostRecent { recent.removeFirst() }
      recent.append((chunk, unpacked))
    }
    return unpacked
  }

  /// Reads a chunk, unpacks it where it is packed, and checks its Adler-32.
  private func readWhole(_ chunk: UInt64, into target: UnsafeMutableRawBufferPointer) throws {
    let failure = ReadError(source: name, range: range(of: chunk))
    guard let table = table(of: chunk), let stored = table.stored(chunk),
      let count = try? stored.range.length.inMemory(limit: chunkSize + 0x1_0000)
    else { throw failure }
    let file = segments[table.segment]
    try unsafe pool.withBuffer(count) { buffer in
      guard (try? unsafe file.read(at: stored.range.lowerBound, into: buffer)) != nil else {
        throw failure
      }
      let bytes = UnsafeRawBufferPointer(buffer)
      if stored.isPacked || (table.isSMART && count != target.count + 4) {
        guard unsafe unpack(bytes, into: target) == target.count else { throw failure }
      } else {
        guard count >= target.count + 4 else { throw failure }
        // SAFETY: the guard leaves four bytes behind those copied.
        let plain = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<target.count])
        let sum = unsafe bytes.loadUnaligned(fromByteOffset: target.count, as: UInt32.self)
        guard unsafe adler32(plain) == UInt32(littleEndian: sum) else { throw failure }
        unsafe target.copyMemory(from: plain)
      }
    }
  }

  private func unpack(
    _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let inflater = idle.withLock { $0.popLast() } ?? Inflater()
    defer { idle.withLock { if $0.count < Self.mostRecent { $0.append(inflater) } } }
    return unsafe inflater.unpack(bytes, into: target)
  }

  /// The table that lists a chunk.
  private func table(of chunk: UInt64) -> EWFIndex.Table? {
    var low = 0
    var high = tables.count
    while low < high {
      let middle = (low + high) / 2
      if tables[middle].chunks.upperBound <= chunk { low = middle + 1 } else { high = middle }
    }
    return low < tables.count && tables[low].chunks.contains(chunk) ? tables[low] : nil
  }
}
