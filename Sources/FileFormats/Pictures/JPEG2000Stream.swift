// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The walk over a JPEG 2000 codestream.
///
///     FF4F          start
///     FF51 … FF7F   segments: u16 length, itself included
///     FF90          tile-part: u16 10, u16 tile, u32 length from this marker on (0: to the end),
///                   u8 number, u8 count; further segments; FF93, then data
///     FFD9          end
///
/// In the data no byte above 8F follows FF, but for FF91 and FF92, which part packets.
///
/// - Source: ISO/IEC 15444-1:2019, §A.4, §B.10.1 "Bit-stuffing routine".
struct JPEG2000Stream {
  private static let span: ByteCount = 0x4_0000
  private static let mostParts = 1_000_000
  /// Coded data have an FF every 256 bytes on average; so long a stretch without may be anything.
  private static let longestGap: ByteCount = 3072

  private let file: Source
  private var window: Window
  private(set) var end: ByteOffset
  private(set) var hasEndMarker = false
  /// Whether its data look like coded data everywhere, so that foreign bytes among them would show.
  private(set) var isUniform = true

  /// Walks to the end.
  ///
  /// - Parameter limit: where the box around it ends; nil where nothing says so.
  init(_ file: Source, from start: ByteOffset, limit: ByteOffset?) throws {
    self.file = file
    window = Window(file, span: 4096)
    end = start
    guard try window.holds([0xFF, 0x4F, 0xFF, 0x51], at: start) else {
      throw Malformed("JPEG 2000", "no codestream starts here", at: start)
    }
    end = try start + 2
    try passSegments(until: 0x90)
    for part in 0..<Self.mostParts {
      if try isAtEnd(limit) { return }
      guard try window.big(UInt16.self, at: end) == 0xFF90 else {
        // Some writers leave the end marker out; behind the last tile-part there is no telling.
        guard part > 0, limit == nil else {
          throw Malformed("JPEG 2000", "no tile-part where one must stand", at: end)
        }
        return
      }
      try passPart(limit)
    }
    throw Malformed("JPEG 2000", "there are too many tile-parts", at: end)
  }

  private mutating func isAtEnd(_ limit: ByteOffset?) throws -> Bool {
    if end == limit { return true }
    guard try window.holds([0xFF, 0xD9], at: end) else { return false }
    end = try end + 2
    hasEndMarker = true
    return true
  }

  /// Passes segments with a length up to `marker`.
  private mutating func passSegments(until marker: UInt16) throws {
    for _ in 0..<4096 {
      let next = try window.big(UInt16.self, at: end)
      if next == 0xFF00 | marker { return }
      guard (0xFF50...0xFF7F).contains(next) else {
        throw Malformed("JPEG 2000", "an unknown marker", at: end)
      }
      let length = UInt64(try window.big(UInt16.self, at: end + 2))
      guard length >= 2 else { throw Malformed("JPEG 2000", "a segment without room", at: end) }
      end = try end + 2 + ByteCount(length)
    }
    throw Malformed("JPEG 2000", "there are too many segments", at: end)
  }

  private mutating func passPart(_ limit: ByteOffset?) throws {
    let start = end
    let length = UInt64(try window.big(UInt32.self, at: start + 6))
    guard try window.big(UInt16.self, at: start + 2) == 10, length == 0 || length >= 14 else {
      throw Malformed("JPEG 2000", "an impossible tile-part", at: start)
    }
    end = try start + 12
    try passSegments(until: 0x93)
    let data = try end + 2
    let stop = try length == 0 ? nil : start + ByteCount(length)
    if let stop {
      guard stop >= data else { throw Malformed("JPEG 2000", "a tile-part too short", at: start) }
      guard stop <= limit ?? file.range.upperBound else { throw Truncated() }
    }
    end = try passData(from: data, to: stop, limit: limit)
  }

  /// Passes data up to `stop`, or the first marker where there is none.
  private mutating func passData(
    from start: ByteOffset, to stop: ByteOffset?, limit: ByteOffset?
  ) throws -> ByteOffset {
    let last = min(stop ?? limit ?? file.range.upperBound, file.range.upperBound)
    var position = start
    // The last FF, or the start of the data.
    var mark = start
    while position < last {
      let next = min(last, position.advancedClamped(by: Self.span))
      // One byte more shows what follows an FF at the end of this piece.
      let behind = min(last, next.advancedClamped(by: 1))
      let marker = try file.withBytes(in: position..<behind) {
        firstMarker(in: $0, at: position, &mark)
      }
      note(mark..<max(mark, next))
      guard (mark..<max(mark, next)).length < Self.span else {
        throw Malformed("JPEG 2000", "nothing that is coded follows", at: mark)
      }
      if let marker {
        guard stop == nil else {
          throw Malformed("JPEG 2000", "a marker stands amid the data", at: marker)
        }
        return marker
      }
      position = next
    }
    if let stop { return stop }
    guard let limit else { throw Truncated() }
    return limit
  }

  /// Where in these bytes, which stand at `start`, a marker stands that may not stand in data.
  private mutating func firstMarker(
    in bytes: RawSpan, at start: ByteOffset, _ mark: inout ByteOffset
  ) -> ByteOffset? {
    var from = 0
    while let index = bytes.firstIndex(of: [0xFF], from: from) {
      let place = start.advancedClamped(by: ByteCount(clamping: index))
      guard let next = try? bytes.little(UInt8.self, at: index + 1) else { return nil }
      if next > 0x8F, next != 0x91, next != 0x92 { return place }
      note(mark..<max(mark, place))
      mark = place
      from = index + 1
    }
    return nil
  }

  /// Takes a stretch without FF into account.
  private mutating func note(_ gap: Range<ByteOffset>) {
    if gap.length > Self.longestGap { isUniform = false }
  }
}
