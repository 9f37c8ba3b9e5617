// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// The walk over a Matroska segment, through its clusters down to the blocks.
struct MatroskaWalk {
  private enum ID {
    static let header: UInt32 = 0x1A45_DFA3
    static let documentType: UInt32 = 0x4282
    static let segment: UInt32 = 0x1853_8067
    static let seekHead: UInt32 = 0x114D_9B74
    static let info: UInt32 = 0x1549_A966
    static let tracks: UInt32 = 0x1654_AE6B
    static let cluster: UInt32 = 0x1F43_B675
    static let cues: UInt32 = 0x1C53_BB6B
    static let attachments: UInt32 = 0x1941_A469
    static let chapters: UInt32 = 0x1043_A770
    static let tags: UInt32 = 0x1254_C367
    static let void: UInt32 = 0xEC
    static let checksum: UInt32 = 0xBF
  }
  private static let longestPiece: ByteCount = 0x10_0000
  private static let longestFiller: ByteCount = 0x400_0000

  private let file: Source
  private var window: Window
  private var cluster = MatroskaCluster()
  private var info = MatroskaInfo()
  private var documentType: String?
  private var checksums: UInt64 = 0
  /// Whether all that was met lies under a checksum, or is filler of zeros.
  private var isCovered = true
  private var isOpen = false

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    let end = try segment(at: header())
    guard !cluster.tracks.isEmpty || info.isPresent else {
      throw Malformed("Matroska", "it holds neither tracks nor facts", at: end)
    }
    var result =
      isOpen
      ? try Examination.chain("mkv", "Matroska", in: file, end: end)
      : Examination.whole("mkv", "Matroska", end: end)
    if isCovered, checksums > 0, !isOpen {
      result.evidence.append(.checksumsHold(count: checksums, kind: "CRC-32"))
    } else {
      result.evidence += cluster.room.evidence(upTo: end)
    }
    result.name = info.title
    result.date = info.date
    return result
  }

  /// By the document type and the tracks, as far as they were read.
  var type: String { documentType == "webm" ? "webm" : cluster.tracks.type }

  /// Reads the EBML header and returns where it ends.
  private mutating func header() throws -> ByteOffset {
    let header = try EBMLElement(&window, at: 0)
    guard header.id == ID.header, let end = header.end, end <= 4096 else {
      throw Malformed("Matroska", "an impossible header", at: 0)
    }
    var type: String?
    try header.eachChild(&window) { window, child in
      if child.id == ID.documentType { type = ContentText.text(try child.bytes(&window)) }
    }
    guard let type, ["matroska", "webm"].contains(type) else {
      throw Malformed("Matroska", "another document type", at: 0)
    }
    documentType = type
    return end
  }

  /// Walks the segment and returns where it ends.
  private mutating func segment(at start: ByteOffset) throws -> ByteOffset {
    var start = start
    var segment = try EBMLElement(&window, at: start)
    while [ID.void, ID.checksum].contains(segment.id), let end = segment.end, end <= 0x1_0000 {
      start = end
      segment = try EBMLElement(&window, at: start)
    }
    guard segment.id == ID.segment else {
      throw Malformed("Matroska", "no segment behind the header", at: start)
    }
    isOpen = segment.end == nil
    var position = segment.data
    while segment.end.map({ position < $0 }) ?? true {
      guard let element = try next(at: position, isOpen: isOpen) else { break }
      position = try take(element, limit: segment.end)
    }
    return position
  }

  /// The element at `position`; nil where a segment without size has come to its end.
  private mutating func next(at position: ByteOffset, isOpen: Bool) throws -> EBMLElement? {
    guard isOpen else { return try EBMLElement(&window, at: position) }
    guard position < file.range.upperBound else { return nil }
    guard let element = try attempt({ try EBMLElement(&window, at: position) }),
      Self.isTop(element.id),
      element.id != ID.checksum
    else { return nil }
    if element.id == ID.void, let end = element.end, try !isZeros(element.data..<end) { return nil }
    return element
  }

  private static func isTop(_ id: UInt32) -> Bool {
    switch id {
    case ID.seekHead, ID.info, ID.tracks, ID.cluster, ID.cues, ID.attachments, ID.chapters, ID.tags,
      ID.void, ID.checksum:
      true
    default: false
    }
  }

  /// Checks one element of the segment and returns where it ends.
  private mutating func take(_ element: EBMLElement, limit: ByteOffset?) throws -> ByteOffset {
    guard Self.isTop(element.id) else {
      throw Malformed("Matroska", "an element that is no part of a segment", at: element.start)
    }
    if let end = element.end, let limit, end > limit {
      throw Malformed("Matroska", "an element reaches beyond its segment", at: element.start)
    }
    if element.id == ID.cluster {
      let end = try cluster.walk(&window, element, limit: limit ?? file.range.upperBound)
      try check(element, end: end)
      return end
    }
    guard let end = element.end else {
      throw Malformed("Matroska", "an element without a size", at: element.start)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    switch element.id {
    case ID.void: if isCovered { isCovered = try isZeros(element.data..<end) }
    case ID.checksum:
      guard try element.data + 4 == end else {
        throw Malformed("Matroska", "a long checksum", at: element.start)
      }
    case ID.info: try info.take(&window, element)
    case ID.tracks: try cluster.tracks.take(&window, element)
    case ID.attachments:
      cluster.room.add(stretch: (element.data..<max(end, element.data)).length)
      try element.eachChild(&window) { _, _ in }
    default: try element.eachChild(&window) { _, _ in }
    }
    if ![ID.void, ID.checksum].contains(element.id) { try check(element, end: end) }
    return end
  }

  /// Checks the CRC-32 that may stand first in an element: over all that follows it there.
  private mutating func check(_ element: EBMLElement, end: ByteOffset) throws {
    guard try window.holds([0xBF, 0x84], at: element.data), let start = try? element.data + 6,
      start <= end
    else {
      isCovered = false
      return
    }
    let stored = try window.little(UInt32.self, at: element.data + 2)
    var crc = CRC32(.iso)
    var position = start
    while position < end {
      let next = min(end, position.advancedClamped(by: Self.longestPiece))
      try file.withBytes(in: position..<next) { crc.update($0) }
      position = next
    }
    guard crc.value == stored else {
      throw Malformed("Matroska", "the checksum of an element is wrong", at: element.start)
    }
    checksums &+= 1
  }

  private func isZeros(_ range: Range<ByteOffset>) throws -> Bool {
    guard range.upperBound <= file.range.upperBound, range.length <= Self.longestFiller else {
      return false
    }
    var position = range.lowerBound
    while position < range.upperBound {
      let count = min((position..<range.upperBound).length, 0x1_0000)
      let bytes = try file.read(at: position, count: count)
      guard bytes.allSatisfy({ $0 == 0 }) else { return false }
      position = position.advancedClamped(by: count)
    }
    return true
  }
}
