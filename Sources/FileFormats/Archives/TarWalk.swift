// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the members of a tar archive.
struct TarWalk {
  private static let record: UInt64 = 10_240
  private static let mostMembers = 20_000_000
  private static let longestExtension: ByteCount = 0x1_0000

  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0
  private var fillsRecords = true
  private var name: String?
  private var longName: String?
  private var longSize: UInt64?
  private var date: Timestamp?
  private var type: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x2000)
  }

  mutating func examination() throws -> Examination {
    for _ in 0..<Self.mostMembers {
      let block = try window.copy(at: position, count: 512)
      if let header = TarHeader(block) {
        try take(header)
      } else if position > 0, block.allSatisfy({ $0 == 0 }) {
        return try ended()
      } else {
        throw Malformed("tar", "no member starts here", at: position)
      }
    }
    throw Malformed("tar", "there are too many members", at: position)
  }

  private mutating func take(_ header: TarHeader) throws {
    var data = try position + TarHeader.blockSize
    if position == 0 { fillsRecords = header.fillsRecords }
    if header.isExtended { data = try skipMap(from: data) }
    var size = header.size
    switch header.type {
    case 0x78, 0x67, 0x58: try takeExtension(header, at: data)  // x, g, X
    case 0x4C:  // L: the long name of the next member
      let count = min(ByteCount(size), Self.longestExtension)
      longName = ContentText.text(try file.read(at: data, count: count))
    case 0x4B, 0x56, 0x4D: break  // K, V, M: a long target, a label, a continuation
    default:
      size = longSize ?? size
      if header.isWithoutData, size > 0, try isBoundary(at: data) { size = 0 }
      describe(header)
      (longName, longSize) = (nil, nil)
    }
    let blocks = try ByteCount(size) + 511
    position = try data + ByteCount(blocks.rawValue & ~511)
    guard position <= file.range.upperBound else { throw Truncated() }
  }

  /// Whether a header or a zero block stands at `offset`, so that no data do.
  private mutating func isBoundary(at offset: ByteOffset) throws -> Bool {
    let block = try window.copy(at: offset, count: 512)
    return TarHeader(block) != nil || block.allSatisfy { $0 == 0 }
  }

  /// Skips the blocks that continue the map of a sparse member.
  private mutating func skipMap(from start: ByteOffset) throws -> ByteOffset {
    var at = start
    while true {
      let more = try window.byte(at: at + 504)
      at = try at + 512
      if more != 1 { return at }
    }
  }

  /// Reads `length keyword=value` lines; path and size replace those of the next member.
  private mutating func takeExtension(_ header: TarHeader, at data: ByteOffset) throws {
    guard header.type == 0x78 else { return }
    let bytes = try file.read(at: data, count: min(ByteCount(header.size), Self.longestExtension))
    var rest = bytes[...]
    while let blank = rest.firstIndex(of: 0x20),
      let length = Int(String(decoding: rest[..<blank], as: UTF8.self)),
      length > blank &- rest.startIndex, length <= rest.count
    {
      let text = rest.prefix(length).dropFirst(blank + 1 - rest.startIndex).dropLast()
      let parts = text.split(separator: 0x3D, maxSplits: 1)
      if parts.count == 2 {
        if parts[0].elementsEqual("path".utf8) { longName = ContentText.text(parts[1]) }
        if parts[0].elementsEqual("size".utf8) {
          longSize = UInt64(String(decoding: parts[1], as: UTF8.self))
        }
      }
      rest = rest.dropFirst(length)
    }
  }

  /// Takes the archive's name and date from its first member that has a name of its own.
  private mutating func describe(_ header: TarHeader) {
    guard name == nil, let path = longName ?? header.name else { return }
    let parts = path.split(separator: "/").filter { $0 != "." && $0 != ".." }
    guard let first = parts.first, let last = parts.last else { return }
    name = String(first)
    date = header.date
    if last.hasSuffix(".ovf") { type = "ova" }
    if parts.count == 1, ["metadata.gz", "data.tar.gz", "checksums.yaml.gz"].contains(path) {
      type = "gem"
      name = nil
    }
  }

  /// At the first zero block: where the archive ends behind it.
  private mutating func ended() throws -> Examination {
    let two = try position + 1024
    guard try isZero(from: position, to: two) else {
      throw Malformed("tar", "one zero block, and then no second", at: position)
    }
    let record = ByteOffset((two.rawValue &+ Self.record - 1) / Self.record &* Self.record)
    let isFilled =
      fillsRecords && type != "gem" && record <= file.range.upperBound
      ? try isZero(from: two, to: record) : false
    // Where a zero-filled record may as well be slack, nothing says which of the two it is.
    let end = isFilled ? record : two
    var result = Examination.whole(
      "tar", "tar", end: end,
      and: [.payloadUnchecked] + (isFilled && record > two ? [.endReasoned] : []))
    result.name = name
    result.date = date
    result.type = type
    return result
  }

  private func isZero(from start: ByteOffset, to end: ByteOffset) throws -> Bool {
    try file.read(at: start, count: (start..<end).length).allSatisfy { $0 == 0 }
  }
}
