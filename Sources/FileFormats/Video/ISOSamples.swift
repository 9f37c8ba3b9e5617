// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The samples of one track, chunk by chunk: three tables read side by side.
///
/// - Source: ISO/IEC 14496-12:2022, §8.7.3 `stsz`, §8.7.4 `stsc`, §8.7.5 `stco` and `co64`.
struct ISOSamples {
  private static let mostChunks: UInt32 = 20_000_000
  private var sizes: Window
  private var runs: Window
  private var offsets: Window
  private let sizeTable: ISOBox
  private let runTable: ISOBox
  private let offsetTable: ISOBox
  private let constantSize: UInt32
  private let sampleCount: UInt32
  private let runCount: UInt32
  private let chunkCount: UInt32

  /// Throws `Malformed` where a table is larger than its box.
  init(_ file: Source, sizes sizeTable: ISOBox, runs runTable: ISOBox, offsets offsetTable: ISOBox)
    throws
  {
    sizes = Window(file)
    runs = Window(file, span: 4096)
    offsets = Window(file)
    self.sizeTable = sizeTable
    self.runTable = runTable
    self.offsetTable = offsetTable
    let isCompact = sizeTable.type == "stz2"
    // The rare compact table is not read: its samples have no size here.
    constantSize = isCompact ? 1 : try sizes.big(UInt32.self, at: sizeTable.content + 4)
    sampleCount = try sizes.big(UInt32.self, at: sizeTable.content + 8)
    runCount = try runs.big(UInt32.self, at: runTable.content + 4)
    chunkCount = try offsets.big(UInt32.self, at: offsetTable.content + 4)
    let width: UInt64 = offsetTable.type == "co64" ? 8 : 4
    try Self.check(offsetTable, head: 8, rows: UInt64(chunkCount), width: width)
    try Self.check(runTable, head: 8, rows: UInt64(runCount), width: 12)
    if constantSize == 0 {
      try Self.check(sizeTable, head: 12, rows: UInt64(sampleCount), width: 4)
    }
    guard chunkCount <= Self.mostChunks else {
      throw Malformed("ISO media", "there are too many chunks", at: offsetTable.start)
    }
  }

  private static func check(
    _ box: ISOBox, head: UInt64, rows: UInt64, width: UInt64
  ) throws {
    guard let end = box.end, try box.content + ByteCount(head) + ByteCount(width) * rows <= end
    else { throw Malformed("ISO media", "a table is larger than its box", at: box.start) }
  }

  /// Hands over each chunk, then each of its samples where they have sizes of their own.
  mutating func walk(
    chunk takeChunk: (Range<ByteOffset>) throws -> Void,
    sample takeSample: (Range<ByteOffset>) throws -> Void
  ) throws {
    var run: UInt32 = 0
    var perChunk: UInt32 = 0
    var nextRunAt: UInt32 = 1
    var sample: UInt32 = 0
    for number in 0..<chunkCount {
      if run < runCount, number + 1 >= nextRunAt {
        let row = try runTable.content + 8 + ByteCount(12) * UInt64(run)
        perChunk = try runs.big(UInt32.self, at: row + 4)
        run += 1
        nextRunAt = run < runCount ? try runs.big(UInt32.self, at: row + 12) : .max
      }
      let start = try offset(of: number)
      guard constantSize == 0 else {
        try takeChunk(Range(at: start, count: 1))
        continue
      }
      let last = min(sampleCount, sample.addingReportingOverflow(perChunk).partialValue)
      guard last >= sample else {
        throw Malformed("ISO media", "too many samples in a chunk", at: runTable.start)
      }
      try self.chunk(at: start, sample..<last, takeChunk, takeSample)
      sample = last
    }
  }

  private mutating func chunk(
    at start: ByteOffset, _ numbers: Range<UInt32>, _ takeChunk: (Range<ByteOffset>) throws -> Void,
    _ takeSample: (Range<ByteOffset>) throws -> Void
  ) throws {
    var position = start
    for number in numbers {
      let row = try sizeTable.content + 12 + ByteCount(4) * UInt64(number)
      let end = try position + ByteCount(UInt64(sizes.big(UInt32.self, at: row)))
      try takeChunk(position..<end)
      try takeSample(position..<end)
      position = end
    }
  }

  private mutating func offset(of chunk: UInt32) throws -> ByteOffset {
    let first = try offsetTable.content + 8
    return offsetTable.type == "co64"
      ? ByteOffset(try offsets.big(UInt64.self, at: first + ByteCount(8) * UInt64(chunk)))
      : ByteOffset(UInt64(try offsets.big(UInt32.self, at: first + ByteCount(4) * UInt64(chunk))))
  }
}
