// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bytes

@Suite struct `Units` {
  @Test func `arithmetic that leaves 64 bits throws`() throws {
    #expect(throws: Overflow.self) { try ByteCount(.max) + 1 }
    #expect(throws: Overflow.self) { try ByteCount(1) - 2 }
    #expect(throws: Overflow.self) { try ByteCount(1 << 63) * 2 }
  }

  @Test func `a size read from a disk is never more memory than the limit`() {
    #expect(throws: Overflow.self) { try ByteCount(.max).inMemory() }
    #expect(throws: Overflow.self) { try ByteCount(11).inMemory(limit: 10) }
  }

  @Test func `clamped arithmetic stops at the ends`() {
    #expect(ByteCount(.max).addingClamped(1) == ByteCount(.max))
    #expect(ByteCount(1).subtractingClamped(2) == 0)
    #expect(ByteOffset(.max).advancedClamped(by: 5) == ByteOffset(.max))
  }
}

@Suite struct `Ranges` {
  @Test func `a set of unsorted, touching and overlapping ranges has few pieces`() {
    let set = RangeSet<ByteOffset>(unsorted: [20..<30, 0..<5, 5..<10, 25..<40, 50..<50])
    #expect(Array(set.ranges) == [0..<10, 20..<40])
    #expect(set.length == 30)
  }
}

@Suite struct `Readers` {
  @Test func `integers come in either order`() throws {
    let bytes: [UInt8] = [1, 2, 3, 4]
    let little = try bytes.withSpan { try $0.little(UInt32.self, at: 0) }
    let big = try bytes.withSpan { try $0.big(UInt16.self, at: 1) }
    #expect(little == 0x0403_0201)
    #expect(big == 0x0203)
  }

  @Test func `nothing is read beyond the end`() {
    let bytes: [UInt8] = [1, 2, 3, 4]
    for at in [1, 4, Int.max] {
      #expect(throws: Truncated.self) {
        try bytes.withSpan { try $0.little(UInt32.self, at: at) }
      }
    }
  }
}

@Suite struct `A source` {
  /// Each byte is its own offset.
  let source = Source(bytes: (0..<200).map { UInt8($0) })

  @Test func `a slice of a slice is read where it lies`() throws {
    let inner = try source.slice(10..<100).slice(5..<15)
    #expect(try inner.read(at: 0, count: 10) == Array(15..<25))
    #expect(inner.length == 10)
  }

  @Test func `a slice beyond the end throws`() {
    #expect(throws: Truncated.self) { try source.slice(190..<201) }
  }

  @Test func `joined pieces read as one`() throws {
    let medium = CountingMedium(count: 4096)
    let file = Source(medium).joined(
      [
        Extent(.medium(100), count: 3), Extent(.hole, count: 2), Extent(bytes: [9, 8]),
        Extent(.medium(7), count: 2),
      ], name: "file")
    #expect(try file.read(at: 0, count: 9) == [100, 101, 102, 0, 0, 9, 8, 7, 8])
    let middle = try file.withBytes(in: 2..<6) { try $0.copy(at: 0, count: 4) }
    #expect(middle == [102, 0, 0, 9])
  }

  @Test func `reading a lost part throws, reading beside it does not`() throws {
    let file = Source(CountingMedium(count: 64)).joined(
      [Extent(.medium(1), count: 2), Extent(.lost, count: 4)], name: "file")
    #expect(try file.read(at: 0, count: 2) == [1, 2])
    #expect(throws: ReadError.self) { try file.read(at: 1, count: 2) }
  }

  @Test func `patches stand in place of what they cover`() throws {
    let patched = try source.patched([(start: 3, extent: Extent(bytes: [77, 78]))])
    #expect(try patched.read(at: 2, count: 4) == [2, 77, 78, 5])
    #expect(patched.length == source.length)
  }

  @Test func `a prefix ends where the source does`() throws {
    #expect(try source.readPrefix(at: 198, count: 50) == [198, 199])
    #expect(try source.readPrefix(at: 300, count: 50).isEmpty)
  }

  @Test func `the longest read is bounded`() {
    let long = Source(CountingMedium(count: 1 << 40))
    #expect(throws: Overflow.self) { try long.read(at: 0, count: 0x80_0000_0000) }
  }
}

@Suite struct `A medium` {
  @Test func `what cannot be read is found to the sector, and its neighbours are read`() throws {
    let medium = CountingMedium(count: 32768, bad: [512..<1024, 2560..<3584])
    try medium.withReadableBytes(in: 0..<32768) { bytes, defects in
      #expect(Array(defects.ranges) == [512..<1024, 2560..<3584])
      #expect(bytes.byteCount == 32768)
      let (bad, good) = (
        try bytes.little(UInt8.self, at: 513), try bytes.little(UInt8.self, at: 1025)
      )
      #expect(bad == 0)
      #expect(good == 1)
    }
  }
}

/// A medium whose bytes are their own offsets, modulo 256, with sectors that cannot be read.
final class CountingMedium: Medium {
  let name = "counting"
  let length: ByteCount
  let bad: RangeSet<ByteOffset>

  init(count: UInt64, bad: [Range<ByteOffset>] = []) {
    length = ByteCount(count)
    self.bad = RangeSet(unsorted: bad)
  }

  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let range = offset..<offset.advancedClamped(by: ByteCount(clamping: target.count))
    let defects = bad.intersection(RangeSet(range))
    if let first = defects.ranges.first { throw ReadError(source: name, range: first) }
    for index in target.indices {
      target[index] = UInt8(truncatingIfNeeded: offset.rawValue &+ UInt64(index))
    }
  }
}
