// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The entropy-coded bits of a scan, up to the next marker; behind it zeros are lent, and noted.
///
/// - Source: ITU-T T.81 (1992), §F.2.2.5 "The NEXTBIT procedure"; §B.1.1.5 for stuffed bytes.
struct JPEGBitReader {
  private static let span: ByteCount = 0x1_0000
  /// The longest stretch of one byte value that a picture may hold: a blank page of 250 megapixels.
  private static let longestRun = 16

  private var file: Source
  private var bytes: [UInt8] = []
  private var start: ByteOffset
  private var index = 0
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var lent = 0
  private var isStopped = false
  private var hasEnded = false
  private var runs = 0

  init(_ file: Source, at offset: ByteOffset) {
    self.file = file
    start = offset
  }

  /// About where the next bit stands: stuffed bytes among those read ahead are not counted.
  var position: ByteOffset {
    start.advancedClamped(by: ByteCount(clamping: max(0, index - max(0, bitCount - lent) / 8)))
  }

  /// Whether no marker and no end has been met yet.
  var isSound: Bool { !isStopped && lent == 0 }

  /// The same state in another file, of which all that was taken is the same.
  func resumed(in file: Source) -> Self {
    var reader = self
    reader.file = file
    reader.start = start.advancedClamped(by: ByteCount(clamping: index))
    reader.bytes = []
    reader.index = 0
    return reader
  }

  /// Whether more bits were used than there are before the marker.
  var isOverdrawn: Bool { lent > bitCount }

  /// Throws `Truncated` where the file ended, `Malformed` where a marker came too soon.
  func overdrawn() -> any Error {
    hasEnded
      ? Truncated() : Malformed("JPEG", "a marker stands amid a scan", at: position)
  }

  /// Makes sure of at least 32 bits, lent ones included.
  mutating func fill() throws {
    while bitCount <= 48 {
      if isStopped {
        bits <<= 8
        bitCount += 8
        lent += 8
        continue
      }
      if index + 1 >= bytes.count, try !fetch() { continue }
      let byte = bytes[index]
      if byte == 0xFF {
        let next = bytes[index + 1]
        guard next == 0 else {
          isStopped = true
          continue
        }
        index += 1
      }
      index += 1
      bits = bits << 8 | UInt64(byte)
      bitCount += 8
    }
  }

  /// Fetches what follows; false, and stopped, at the end of the file.
  private mutating func fetch() throws -> Bool {
    let from = start.advancedClamped(by: ByteCount(clamping: index))
    bytes = try file.readPrefix(at: from, count: Self.span)
    start = from
    index = 0
    if bytes.count < 2 {
      isStopped = true
      hasEnded = true
      return false
    }
    try refuseBlank(from)
    return true
  }

  private mutating func refuseBlank(_ from: ByteOffset) throws(Malformed) {
    guard let first = bytes.first, first == bytes.last, bytes.allSatisfy({ $0 == first }) else {
      runs = 0
      return
    }
    runs += 1
    if runs > Self.longestRun {
      throw Malformed("JPEG", "nothing but one byte value follows", at: from)
    }
  }

  /// The next symbol by the table in `slot`, or throws where no code fits. At least 16 bits must be
  /// at hand.
  @inline(__always)
  mutating func symbol(_ tables: borrowing JPEGTables, slot: Int) throws -> Int {
    let ahead = Int(truncatingIfNeeded: bits >> UInt64(bitCount - 16)) & 0xFFFF
    let entry = tables.fast[slot << JPEGTables.fastBits | ahead >> (16 - JPEGTables.fastBits)]
    if entry != 0 {
      bitCount -= Int(entry >> 8)
      return Int(entry & 0xFF)
    }
    var length = JPEGTables.fastBits + 1
    while UInt32(ahead) >= tables.limits[slot * 18 + length] { length += 1 }
    guard length <= 16 else { throw Malformed("JPEG", "an unknown code", at: position) }
    bitCount -= length
    let place = ahead >> (16 - length) + tables.shifts[slot * 18 + length]
    guard (0..<256).contains(place) else {
      throw Malformed("JPEG", "an unknown code", at: position)
    }
    return Int(tables.symbols[slot * 256 + place])
  }

  /// The next `count` bits, at most 16, as a number.
  @inline(__always)
  mutating func take(_ count: Int) -> Int {
    bitCount -= count
    return Int(truncatingIfNeeded: bits >> UInt64(bitCount)) & ((1 << count) - 1)
  }

  /// Passes a restart marker, which must be the one of this number and stand right here.
  mutating func restart(_ number: UInt8) throws {
    try fill()
    guard isStopped, !isOverdrawn, bitCount - lent < 8 else {
      throw hasEnded ? Truncated() : Malformed("JPEG", "no restart marker", at: position)
    }
    if hasEnded { throw Truncated() }
    guard bytes[index + 1] == JPEGMarker.restarts.lowerBound + number else {
      throw Malformed("JPEG", "a restart marker out of order", at: position)
    }
    index += 2
    (bits, bitCount, lent, isStopped) = (0, 0, 0, false)
  }

  /// Where the marker behind the last unit stands; a few bytes too many are let pass.
  mutating func finish() throws -> ByteOffset {
    try fill()
    if isOverdrawn { throw overdrawn() }
    if hasEnded { throw Truncated() }
    guard isStopped else { throw Malformed("JPEG", "no marker behind the last unit", at: position) }
    return start.advancedClamped(by: ByteCount(clamping: index))
  }

  /// Passes a scan without decoding it, to the first marker that is neither a stuffed byte nor a
  /// restart.
  mutating func passScan(limit: UInt64 = .max) throws -> ByteOffset {
    let first = start
    while true {
      if index & 0xFFFF == 0, (first..<max(first, start)).length.rawValue > limit {
        throw Truncated()
      }
      if index + 1 >= bytes.count, try !fetch() { throw Truncated() }
      if bytes[index] == 0xFF {
        let next = bytes[index + 1]
        if next != 0, !JPEGMarker.restarts.contains(next) {
          return start.advancedClamped(by: ByteCount(clamping: index))
        }
      }
      index += 1
    }
  }
}
