// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What the header of an ASF file states.
///
/// | Offset | Size | Field of the file properties | Unit                         |
/// |-------:|-----:|------------------------------|------------------------------|
/// |   0x28 |    8 | file size                    | bytes; 0 in a broadcast      |
/// |   0x30 |    8 | creation date                | 100 ns from 1601             |
/// |   0x58 |    4 | flags                        | bit 0: broadcast             |
/// |   0x5C |    4 | smallest packet              | bytes                        |
/// |   0x60 |    4 | largest packet               | bytes                        |
///
/// - Source: Microsoft, *Advanced Systems Format (ASF) Specification 01.20.05*, §3.
struct ASFHeader {
  private static let mostObjects = 4096
  /// Seconds from 1601 to 1970.
  private static let epoch: Int64 = 11_644_473_600

  private(set) var fileSize: ByteCount = 0
  private(set) var isBroadcast = false
  /// Nil where packets differ in size.
  private(set) var packetSize: ByteCount?
  private(set) var date: Timestamp?
  private(set) var title: String?
  private(set) var hasProperties = false
  private var hasVideo = false
  private var hasSound = false
  let end: ByteOffset

  init(_ window: inout Window) throws {
    let header = try ASFObject(&window, at: 0)
    guard header.kind == .header, header.size >= 30, header.size <= 0x400_0000 else {
      throw Malformed("ASF", "an impossible header", at: 0)
    }
    end = header.end
    try takeObjects(&window, from: 30, to: end, depth: 0)
    guard hasProperties else { throw Malformed("ASF", "a header without file properties", at: 0) }
  }

  var type: String { hasVideo ? "wmv" : hasSound ? "wma" : "asf" }

  private mutating func takeObjects(
    _ window: inout Window, from start: ByteOffset, to end: ByteOffset, depth: Int
  ) throws {
    var position = start
    for _ in 0..<Self.mostObjects {
      guard let next = try? position + ASFObject.headSize, next <= end else { break }
      let object = try ASFObject(&window, at: position)
      guard object.size >= ASFObject.headSize, object.end <= end else {
        throw Malformed("ASF", "an object reaches beyond the header", at: position)
      }
      try take(&window, object, depth: depth)
      position = object.end
    }
  }

  private mutating func take(
    _ window: inout Window, _ object: ASFObject, depth: Int
  ) throws {
    switch object.kind {
    case .fileProperties: try takeProperties(&window, object)
    case .streamProperties:
      let kind = ASFKind(guid: try window.copy(at: object.content, count: 16))
      hasVideo = hasVideo || kind == .video
      hasSound = hasSound || kind == .sound
    case .contentDescription: try takeDescription(&window, object)
    case .headerExtension where depth == 0:
      try takeObjects(
        &window, from: object.content.advancedClamped(by: 22), to: object.end, depth: 1)
    default: break
    }
  }

  private mutating func takeProperties(_ window: inout Window, _ object: ASFObject) throws {
    guard object.size >= 104 else {
      throw Malformed("ASF", "short file properties", at: object.start)
    }
    let fields = try window.copy(at: object.start, count: 104)
    fileSize = ByteCount(try fields.little(UInt64.self, at: 0x28))
    let time = Int64(clamping: try fields.little(UInt64.self, at: 0x30))
    if time / 10_000_000 > Self.epoch {
      date = Timestamp(
        seconds: time / 10_000_000 - Self.epoch, nanoseconds: time % 10_000_000 * 100)
    }
    isBroadcast = try fields.little(UInt32.self, at: 0x58) & 1 == 1
    let smallest = try fields.little(UInt32.self, at: 0x5C)
    let largest = try fields.little(UInt32.self, at: 0x60)
    if smallest == largest, largest >= 16 { packetSize = ByteCount(UInt64(largest)) }
    hasProperties = true
  }

  /// Five lengths, then title, author and more in UTF-16.
  private mutating func takeDescription(_ window: inout Window, _ object: ASFObject) throws {
    let lengths = [
      try window.little(UInt16.self, at: object.content),
      try window.little(UInt16.self, at: object.content + 2),
    ]
    var position = try object.content + 10
    var texts: [String] = []
    for length in lengths {
      let next = try position + ByteCount(UInt64(length))
      guard next <= object.end else { return }
      let bytes = try window.copy(at: position, count: Int(min(length, 512)))
      if let text = Self.text(bytes) { texts.append(text) }
      position = next
    }
    title = ContentText.trimmed(texts.reversed().joined(separator: " - "))
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    let units = stride(from: 0, to: bytes.count &- 1, by: 2).map { index in
      UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
    }
    return ContentText.trimmed(String(decoding: units.prefix { $0 != 0 }, as: UTF16.self))
  }
}
