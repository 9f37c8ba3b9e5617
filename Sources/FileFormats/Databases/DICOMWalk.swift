// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings

/// The walk over a DICOM file's elements. What names the patient is not looked at.
struct DICOMWalk {
  private static let pixels: UInt32 = 0x7FE0_0010
  private static let mostElements = 10_000_000
  private static let deepest = 24

  private let file: Source
  private var window: Window
  private var elements = 0
  private var modality: String?
  private var part: String?
  private var day: String?
  private var time: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x4000)
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 132
    var transfer = ""
    while let element = try DICOMElement(&window, at: position, .init()), element.tag >> 16 == 2 {
      if element.tag == 0x0002_0010 { transfer = try text(element) ?? "" }
      position = try end(of: element)
    }
    guard transfer.hasPrefix("1.2.") else {
      throw Malformed("DICOM", "it does not say how it is written", at: position)
    }
    if transfer == "1.2.840.10008.1.2.1.99" { return try deflated(from: position) }
    var syntax = DICOMElement.Syntax(
      isExplicit: transfer != "1.2.840.10008.1.2", isBig: transfer == "1.2.840.10008.1.2.2")
    // Some leave the kinds out all the same.
    if try DICOMElement(&window, at: position, syntax) == nil { syntax.isExplicit = false }
    position = try dataSet(from: position, syntax)
    guard position > 140, elements > 0, try SectorSlack.isEmpty(in: file, from: position) else {
      throw Malformed("DICOM", "no element starts here", at: position)
    }
    return complete(at: position)
  }

  private func complete(at end: ByteOffset) -> Examination {
    var result = Examination.whole(
      "dcm", "DICOM", end: end, and: [.endReasoned, .payloadUnchecked])
    result.name = ContentText.trimmed([modality, part].compactMap { $0 }.joined(separator: " "))
    result.date = date
    return result
  }

  private func deflated(from start: ByteOffset) throws -> Examination {
    let inflated = try Inflation.inflate(file, from: start, limit: 1 << 34)
    guard inflated.end != .truncated else { throw Truncated() }
    guard inflated.end == .complete else {
      throw Malformed("DICOM", "its data cannot be decompressed", at: start)
    }
    let end = try start + inflated.consumed
    // An odd stream is padded with a zero.
    let isPadded = try end.rawValue & 1 == 1 && file.readPrefix(at: end, count: 1) == [0]
    return complete(at: isPadded ? try end + 1 : end)
  }

  /// Goes through the elements of the outermost data set, whose tags rise, and says where it ends.
  private mutating func dataSet(
    from start: ByteOffset, _ syntax: DICOMElement.Syntax
  ) throws -> ByteOffset {
    var position = start
    var last: UInt32 = 0
    while position < file.range.upperBound,
      let element = try DICOMElement(&window, at: position, syntax), element.tag >= last,
      isPlausible(element, after: last, syntax)
    {
      try countElement(at: position)
      if element.length == DICOMElement.undefined {
        position = try items(of: element, syntax, depth: 0)
      } else {
        try describe(element)
        position = try end(of: element)
      }
      last = element.tag
    }
    return position
  }

  /// Whether an element may follow: behind the pixels little does, and in a group without kinds a
  /// length is all that tells an element from other bytes.
  private func isPlausible(
    _ element: DICOMElement, after last: UInt32, _ syntax: DICOMElement.Syntax
  ) -> Bool {
    let group = element.tag >> 16
    if last >= Self.pixels {
      return [0xFFFA, 0xFFFC].contains(group)
        || (group & 1 == 1 && group < 0x8000 && syntax.isExplicit)
    }
    return group >= 4 && group <= 0x7FE0
      && (syntax.isExplicit || element.length < 0x4000_0000
        || element.length == DICOMElement.undefined)
  }

  private mutating func countElement(at position: ByteOffset) throws {
    elements += 1
    guard elements < Self.mostElements else {
      throw Malformed("DICOM", "there are too many elements", at: position)
    }
  }

  /// Goes through the items of a sequence or of compressed pixels, and says where they end.
  private mutating func items(
    of element: DICOMElement, _ syntax: DICOMElement.Syntax, depth: Int
  ) throws -> ByteOffset {
    guard depth < Self.deepest else {
      throw Malformed("DICOM", "sequences are nested too deep", at: element.data)
    }
    var inner = syntax
    // A sequence that the writer did not know has no kinds inside.
    if element.kind == "UN" { inner = .init(isExplicit: false) }
    var position = element.data
    while true {
      guard let item = try DICOMElement(&window, at: position, inner) else { break }
      if item.tag == DICOMElement.sequenceEnd, item.length == 0 { return item.data }
      guard item.tag == DICOMElement.item else { break }
      try countElement(at: position)
      position =
        item.length == DICOMElement.undefined
        ? try nested(from: item.data, inner, depth: depth + 1) : try end(of: item)
    }
    throw Malformed("DICOM", "no item starts here", at: position)
  }

  /// Goes through the elements of an item of unknown length.
  private mutating func nested(
    from start: ByteOffset, _ syntax: DICOMElement.Syntax, depth: Int
  ) throws -> ByteOffset {
    var position = start
    while let element = try DICOMElement(&window, at: position, syntax) {
      try countElement(at: position)
      if element.tag == DICOMElement.itemEnd, element.length == 0 { return element.data }
      guard element.tag >> 16 < 0xFFFE else { break }
      position =
        element.length == DICOMElement.undefined
        ? try items(of: element, syntax, depth: depth) : try end(of: element)
    }
    throw Malformed("DICOM", "an item breaks off", at: position)
  }

  private func end(of element: DICOMElement) throws -> ByteOffset {
    let end = try element.data + ByteCount(UInt64(element.length))
    guard end <= file.range.upperBound else { throw Truncated() }
    return end
  }

  private mutating func text(_ element: DICOMElement) throws -> String? {
    ContentText.text(
      try window.copy(at: element.data, count: Int(clamping: min(element.length, 128))))
  }

  private mutating func describe(_ element: DICOMElement) throws {
    switch element.tag {
    case 0x0008_0020: day = try text(element)
    case 0x0008_0030: time = try text(element)
    case 0x0008_0060: modality = try text(element)
    case 0x0018_0015: part = try text(element)
    default: break
    }
  }

  /// The moment of the study: `20240131` and `235959.123`.
  private var date: Timestamp? {
    guard let digits = day.flatMap({ Self.digits($0) }), digits.count == 8 else { return nil }
    let clock = time.flatMap { Self.digits($0) } ?? []
    func number(_ part: ArraySlice<Int>) -> Int { part.reduce(0) { $0 * 10 + $1 } }
    return Timestamp(
      year: number(digits[0..<4]), month: number(digits[4..<6]), day: number(digits[6..<8]),
      hour: number(clock.prefix(2)), minute: number(clock.dropFirst(2).prefix(2)),
      second: number(clock.dropFirst(4).prefix(2)))
  }

  private static func digits(_ text: String) -> [Int]? {
    let digits = text.prefix { $0 != "." }.filter { $0 != ":" }.compactMap(\.wholeNumberValue)
    return digits.count <= 8 && digits.allSatisfy({ (0...9).contains($0) }) ? digits : nil
  }
}
