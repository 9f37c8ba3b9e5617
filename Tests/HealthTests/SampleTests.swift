// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import Testing

@testable import Health

/// A disk of zeros with places that fail or take their time.
private final class Disk: Medium {
  let name = "disk"
  let length: ByteCount
  private let defects: RangeSet<ByteOffset>
  private let pauses: Double

  init(_ length: ByteCount, defects: RangeSet<ByteOffset> = RangeSet(), pauses: Double = 0) {
    self.length = length
    self.defects = defects
    self.pauses = pauses
  }

  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    if pauses > 0 { Thread.sleep(forTimeInterval: pauses) }
    let end = offset.advancedClamped(by: ByteCount(clamping: target.count))
    let bad = defects.intersection(RangeSet(offset..<end))
    if let first = bad.ranges.first { throw ReadError(source: name, range: first) }
    target.initializeMemory(as: UInt8.self, repeating: 0)
  }
}

@Suite struct `short samples` {
  private static let unit = Sample.length.rawValue

  @Test func `lie at the start, in the middle and at the end`() {
    let places = Sample.places(of: ByteCount(100 * Self.unit + 512))
    #expect(places.map(\.place) == [.start, .middle, .end])
    #expect(places.map(\.range.lowerBound.rawValue) == [0, 50 * Self.unit, 99 * Self.unit])
    #expect(places.allSatisfy { $0.range.length == Sample.length })
  }

  @Test(arguments: [0, 1, 512, unit - 1, unit, unit + 1, 2 * unit, 3 * unit, .max])
  func `stay inside a medium of any length`(length: UInt64) {
    let places = Sample.places(of: ByteCount(length))
    #expect(places.isEmpty == (length == 0))
    for (index, place) in places.enumerated() {
      #expect(place.range.upperBound.rawValue <= length && !place.range.isEmpty)
      for other in places[(index + 1)...] { #expect(!place.range.overlaps(other.range)) }
    }
  }

  @Test func `say what did not read, and go on`() {
    let bad = ByteOffset(50 * Self.unit + 8192)
    let disk = Disk(
      ByteCount(100 * Self.unit), defects: RangeSet(bad..<bad.advancedClamped(by: 512)))
    let samples = Sample.take(of: disk, wakes: true)
    #expect(samples.map(\.outcome) == [.read, .failed(at: bad), .read])
  }

  @Test func `stop at a read that hangs`() {
    let disk = Disk(ByteCount(100 * Self.unit), pauses: 3)
    let start = Date()
    let samples = Sample.take(of: disk, wakes: false, limit: 0.2)
    #expect(samples.map(\.outcome) == [.hung])
    #expect(Sample.take(of: disk, wakes: true, limit: 0.2).map(\.outcome) == [.hung])
    #expect(Date().timeIntervalSince(start) < 2.5)
  }

  @Test func `know how long they took`() {
    let disk = Disk(ByteCount(3 * Self.unit), pauses: 0.6)
    let samples = Sample.take(of: disk, wakes: false)
    #expect(samples.count == 3 && samples.allSatisfy { $0.isSlow && $0.seconds < 5 })
  }
}
