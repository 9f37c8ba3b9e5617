// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Photoshop documents, also large ones: a header, three sections with their lengths, and the merged
  /// picture, whose rows or run lengths end the file.
  ///
  /// | Offset | Size | Field        | Unit                               |
  /// |-------:|-----:|--------------|------------------------------------|
  /// |   0x00 |    4 | `8BPS`       |                                    |
  /// |   0x04 |    2 | version      | 1, or 2 for large documents        |
  /// |   0x0C |    2 | channels     |                                    |
  /// |   0x0E |    8 | height, width | pixels                            |
  /// |   0x16 |    2 | depth        | bits                               |
  /// |   0x18 |    2 | mode         |                                    |
  /// |   0x1A |      | colours, resources, layers: 4 bytes of length each, large layers 8 |
  /// |      … |    2 | compression  | 0 none, 1 run lengths, 2 and 3 zlib |
  ///
  /// - Source: Adobe, *Photoshop File Formats Specification* (2019), "Photoshop File Format".
  package static let psd = FileFormat(
    id: "psd", name: "Photoshop document", category: .photo, extensions: ["psd", "psb", "pdd"],
    validation: .decoding,
    signatures: [
      Signature(Array("8BPS".utf8) + [0, 1, 0, 0, 0, 0, 0, 0]),
      Signature(Array("8BPS".utf8) + [0, 2, 0, 0, 0, 0, 0, 0]),
    ],
    maximumSize: 0x20_0000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: 26)).flatMap { try? PSDHeader(parsing: $0) } != nil
    }
  ) { file in
    try Examination.walk("psd", file) {
      var walk = try PSDWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the sections of a Photoshop document.
private struct PSDWalk {
  private let file: Source
  private let header: PSDHeader
  private var window: Window
  private var position: ByteOffset = 26
  private var exif: EXIF?
  private var children: [Examination.Child] = []
  private var room = HiddenRoom()

  init(_ file: Source) throws {
    self.file = file
    header = try PSDHeader(parsing: file.read(at: 0, count: 26))
    window = Window(file)
  }

  mutating func examination() throws -> Examination {
    _ = try section()
    let resources = try section()
    let areResourcesSound = try takeResources(resources)
    let layers = try section(isWide: header.isLarge)
    let areLayersSound = try checkLayers(layers)
    let isDecoded = try passPicture()
    guard position <= file.range.upperBound else { throw Truncated() }
    let isChecked =
      areResourcesSound && areLayersSound && isDecoded && room.evidence(upTo: position).isEmpty
    var result = Examination.whole(
      "psd", "PSD", end: position, and: isChecked ? [.decoded("PSD")] : [.payloadUnchecked])
    exif?.describe(&result)
    result.children = children
    result.type = header.isLarge ? "psb" : "psd"
    return result
  }

  /// The content of the next section.
  private mutating func section(isWide: Bool = false) throws -> Range<ByteOffset> {
    let length =
      isWide
      ? try window.big(UInt64.self, at: position)
      : UInt64(try window.big(UInt32.self, at: position))
    let start = try position + (isWide ? 8 : 4)
    let range = try Range(at: start, count: ByteCount(length))
    guard range.upperBound <= file.range.upperBound else { throw Truncated() }
    position = range.upperBound
    return range
  }

  /// Walks the resources; false where something else stands among them.
  private mutating func takeResources(_ section: Range<ByteOffset>) throws -> Bool {
    var place = section.lowerBound
    while place.advancedClamped(by: 12) <= section.upperBound {
      let kind = try window.copy(at: place, count: 4)
      guard
        ["8BIM", "MeSa", "PHUT", "AgHg", "DCSR"].contains(String(decoding: kind, as: UTF8.self))
      else { return false }
      let id = try window.big(UInt16.self, at: place + 4)
      let name = UInt64(try window.byte(at: place + 6))
      let sizeAt = try place + 6 + ByteCount((name &+ 2) & ~1)
      guard sizeAt.advancedClamped(by: 4) <= section.upperBound else { return false }
      let size = UInt64(try window.big(UInt32.self, at: sizeAt))
      let data = try Range(at: sizeAt + 4, count: ByteCount(size))
      guard data.upperBound <= section.upperBound else { return false }
      try take(resource: id, data)
      room.add(stretch: data.length)
      place = try data.upperBound + ByteCount(size & 1)
    }
    return place >= section.upperBound
  }

  private mutating func take(resource id: UInt16, _ data: Range<ByteOffset>) throws {
    switch id {
    case 0x0422 where data.length < 0x10_0000:
      exif = try EXIF(
        segment: Array("Exif\0\0".utf8) + file.read(at: data.lowerBound, count: data.length),
        at: data.lowerBound)
    case 0x040C where data.length > 32:
      let start = try data.lowerBound + 28
      if children.isEmpty, try window.holds([0xFF, 0xD8, 0xFF], at: start) {
        children.append(.init(type: "jpg", range: start..<data.upperBound))
      }
    default: break
    }
  }

  /// Whether the layers' channels decode; what cannot be told from here counts as no.
  private mutating func checkLayers(_ section: Range<ByteOffset>) throws -> Bool {
    if section.length < 8 { return true }
    do {
      var layers = PSDLayers(file, section, isLarge: header.isLarge, depth: header.depth)
      return try layers.check()
    } catch  where !(error is ReadError) {
      return false
    }
  }

  /// Passes the merged picture; true where it was decoded.
  private mutating func passPicture() throws -> Bool {
    let method = try window.big(UInt16.self, at: position)
    position = try position + 2
    let rows = header.channels &* header.height
    switch method {
    case 0:
      position = try position + ByteCount(header.rowLength) * rows
      return false
    case 1:
      position = try PSDRows.follow(
        &window, at: position, rows: rows, rowLength: header.rowLength, isLarge: header.isLarge)
      return true
    case 2, 3:
      position = try PSDRows.inflate(
        file, at: position, count: ByteCount(header.rowLength) * rows)
      return true
    default: throw Malformed("PSD", "unknown compression \(method)", at: position)
    }
  }
}
