// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The walk over a cluster: a time and the blocks of all tracks.
///
/// | Offset | Size | Field of a block | Unit                                      |
/// |-------:|-----:|------------------|-------------------------------------------|
/// |   0x00 |  1–8 | track            | EBML number                               |
/// |      … |    2 | time             | signed; relative to the cluster's         |
/// |      … |    1 | flags            | 0x06: frames laced together               |
///
/// - Source: RFC 9559, §5.1.3 "Cluster Element", §10 "Block Structure".
struct MatroskaCluster {
  /// Time, silent tracks, position, size of the one before, simple block, group, filler, checksum.
  private static let children: Set<UInt32> = [0xE7, 0x5854, 0xA7, 0xAB, 0xA3, 0xA0, 0xEC, 0xBF]
  /// Block, additions, duration, priorities, references, codec state, padding, slices, frames.
  private static let groupChildren: Set<UInt32> = [
    0xA1, 0xA2, 0x75A1, 0x9B, 0xFA, 0xFB, 0xFD, 0xA4, 0x75A2, 0x8E, 0xC8, 0xAF, 0xEC, 0xBF,
  ]
  private static let lacing: UInt8 = 0x06
  private static let largestBlock: ByteCount = 0x1000_0000

  var tracks = MatroskaTracks()
  var room = HiddenRoom()

  /// Checks a cluster and returns where it ends.
  mutating func walk(
    _ window: inout Window, _ cluster: EBMLElement, limit: ByteOffset
  ) throws -> ByteOffset {
    let end = cluster.end ?? limit
    var position = cluster.data
    while position < end {
      let isOpen = cluster.end == nil && position > cluster.data
      let element: EBMLElement
      do {
        element = try EBMLElement(&window, at: position)
      } catch  where isOpen && !(error is ReadError) {
        return position
      }
      guard Self.children.contains(element.id) else {
        if isOpen { return position }
        throw Malformed("Matroska", "an element that is no part of a cluster", at: position)
      }
      do {
        guard let next = element.end, next <= cluster.end ?? next,
          (element.data..<next).length <= Self.largestBlock
        else { throw Malformed("Matroska", "a block reaches beyond its cluster", at: position) }
        if isOpen, element.id == 0xEC, try !Self.isEmpty(&window, element, end: next) {
          return position
        }
        try check(&window, element, end: next)
        position = next
      } catch is Malformed where isOpen {
        return position
      }
    }
    return position
  }

  private mutating func check(
    _ window: inout Window, _ element: EBMLElement, end: ByteOffset
  ) throws {
    let size = (element.data..<max(end, element.data)).length
    switch element.id {
    case 0xE7, 0xA7, 0xAB:
      guard size <= 8 else { throw Malformed("Matroska", "a long number", at: element.start) }
    case 0xBF:
      guard size == 4 else { throw Malformed("Matroska", "a long checksum", at: element.start) }
    case 0x5854: try element.eachChild(&window) { _, _ in }
    case 0xA3: try checkBlock(&window, element.data, end: end)
    case 0xA0:
      guard end <= window.file.range.upperBound else { throw Truncated() }
      try element.eachChild(&window) { window, child in
        guard Self.groupChildren.contains(child.id), let childEnd = child.end else {
          throw Malformed("Matroska", "an element that is no part of a block", at: child.start)
        }
        if child.id == 0xA1 { try checkBlock(&window, child.data, end: childEnd) }
      }
    default: break
    }
    guard end <= window.file.range.upperBound else { throw Truncated() }
  }

  /// Whether filler is what it should be: zeros.
  private static func isEmpty(
    _ window: inout Window, _ filler: EBMLElement, end: ByteOffset
  ) throws -> Bool {
    let head = try window.file.readPrefix(
      at: filler.data, count: min((filler.data..<max(end, filler.data)).length, 4096))
    return head.allSatisfy { $0 == 0 }
  }

  /// A block must belong to a track, and a picture in it must consist of its units.
  private mutating func checkBlock(
    _ window: inout Window, _ start: ByteOffset, end: ByteOffset
  ) throws {
    let track = try EBMLNumber(&window, at: start)
    let frame = try track.end + 3
    guard frame <= end, tracks.isEmpty || tracks.contains(track.value) else {
      throw Malformed("Matroska", "a block of no track", at: start)
    }
    guard end <= window.file.range.upperBound else { throw Truncated() }
    if let units = tracks.units(of: track.value),
      try window.byte(at: track.end + 2) & Self.lacing == 0
    {
      let checked = try units.check(&window, frame..<end)
      room.add(opaque: (frame..<end).length.subtractingClamped(checked))
    } else {
      room.add(stretch: (frame..<end).length)
    }
  }
}
