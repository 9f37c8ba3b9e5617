// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the objects of an ASF file and the packets of its data object.
///
/// | Offset | Size | Field of the data object | Unit                       |
/// |-------:|-----:|--------------------------|----------------------------|
/// |   0x10 |    8 | size                     | bytes; 0: not known        |
/// |   0x28 |    8 | packets                  | count; 0 in a broadcast    |
/// |   0x32 |    … | packets                  | each of one size           |
///
/// - Source: Microsoft, *Advanced Systems Format (ASF) Specification 01.20.05*, §5 and §6.
struct ASFWalk {
  private static let largestPacket: ByteCount = 0x10_0000
  private static let mostTrailers = 1024
  /// The chunk that ends a stream, which some writers put behind a file as well.
  private static let streamEnd: [UInt8] = [0x24, 0x45, 8, 0, 0, 0, 0, 0, 0, 0, 8, 0]
  private static let dataHead: ByteCount = 50

  private let file: Source
  private var window: Window
  /// By the header, as soon as it was read.
  private(set) var type: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x4_0000)
  }

  mutating func examination() throws -> Examination {
    let header = try ASFHeader(&window)
    type = header.type
    let data = try ASFObject(&window, at: header.end)
    guard data.kind == .data else {
      throw Malformed("ASF", "no data behind the header", at: header.end)
    }
    let first = try data.start + Self.dataHead
    // A broadcast writes no size, or that of the object's head.
    let isOpen = data.size <= Self.dataHead && header.isBroadcast || data.size == 0
    guard isOpen || data.size >= Self.dataHead else {
      throw Malformed("ASF", "an impossible size of the data", at: data.start)
    }
    let packetsEnd = try packets(
      from: first, to: isOpen ? nil : data.end, size: header.packetSize)
    guard !isOpen || packetsEnd > first else {
      throw Malformed("ASF", "no packet behind the header", at: first)
    }
    let end = try trailers(from: packetsEnd, fileSize: header.fileSize)
    var result = Examination.whole("wmv", "ASF", end: end)
    let isStated = header.fileSize == ByteCount(end.rawValue)
    if !isStated, try isOpen || header.fileSize > 0 || SectorRest(in: file, after: end) != .zeros {
      result.evidence.append(.endReasoned)
    }
    if header.packetSize == nil { result.evidence.append(.payloadUnchecked) }
    result.name = header.title
    result.date = header.date
    return result
  }

  /// Checks the packets and returns where they end.
  private mutating func packets(
    from first: ByteOffset, to end: ByteOffset?, size: ByteCount?
  ) throws -> ByteOffset {
    guard let size else {
      guard let end else { throw Malformed("ASF", "packets without a size", at: first) }
      guard end <= file.range.upperBound else { throw Truncated() }
      return end
    }
    guard size <= Self.largestPacket else {
      throw Malformed("ASF", "an impossible packet size", at: 0)
    }
    var position = first
    let count = Int(clamping: size.rawValue)
    while let next = try? position + size, next <= end ?? file.range.upperBound {
      do {
        try ASFPacket.check(try window.copy(at: position, count: count), at: position)
      } catch let error as Malformed {
        if end == nil { break }
        throw error
      }
      position = next
    }
    guard let end else { return position }
    guard end <= file.range.upperBound else { throw Truncated() }
    return end
  }

  /// Walks the indexes behind the data, and whatever else fills the file up to its stated size.
  private mutating func trailers(
    from start: ByteOffset, fileSize: ByteCount
  ) throws -> ByteOffset {
    var position = start
    for _ in 0..<Self.mostTrailers {
      guard let object = try attempt({ try ASFObject(&window, at: position) }),
        object.size >= ASFObject.headSize
      else { break }
      let isLast = object.end == ByteOffset(fileSize)
      guard object.kind?.isTrailer == true || isLast else { break }
      guard object.end <= file.range.upperBound else { throw Truncated() }
      position = object.end
    }
    return try window.holds(Self.streamEnd, at: position) ? position + 12 : position
  }
}
