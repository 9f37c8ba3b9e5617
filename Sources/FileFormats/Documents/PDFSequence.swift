// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A PDF read from front to back, where its tables are wrong or missing: objects, a table, a trailer,
/// the end mark, and again as often as it was edited.
struct PDFSequence {
  private static let mostObjects = 2_000_000
  private static let mostEnds = 10_000
  private static let mostOutput: UInt64 = 0x8000_0000
  private var file: Source
  /// Behind the last object that is in its place.
  private(set) var sound: ByteOffset = 0
  /// How far everything was in its place.
  private(set) var position: ByteOffset = 0
  /// Behind the last end mark (or the place of the table, where the mark is missing).
  private(set) var end: ByteOffset?
  private(set) var objects = 0
  /// Whether the end mark stands at the end.
  private(set) var isMarked = false
  /// Objects that are numbers, and streams that name one as their length.
  private var ends = 0
  private var budget = Self.mostOutput
  private var numbers: [UInt64: UInt64] = [:]
  private var open: [(start: ByteOffset, end: ByteOffset, length: UInt64)] = []
  /// Whether the bytes ended before anything else was wrong.
  private(set) var isTruncated = false

  init(_ file: Source) throws {
    self.file = file
    try run()
  }

  /// Goes on behind the last sound object in another file, of which all before it is the same.
  func resumed(in file: Source) throws -> Self {
    var sequence = self
    sequence.file = file
    sequence.position = sound
    sequence.isTruncated = false
    try sequence.run()
    return sequence
  }

  private mutating func run() throws {
    do {
      try follow()
    } catch is Truncated {
      isTruncated = end == nil
    } catch is Malformed {
      // `position` says how far it holds.
    }
  }

  private mutating func follow() throws {
    var isEncrypted = false
    while objects < Self.mostObjects, ends < Self.mostEnds {
      sound = position
      var scanner = PDFScanner(try file.readPrefix(at: position, count: 0x1000))
      let blanks = scanner.bytes.prefix { $0 <= 0x20 }.count
      if position > 0, scanner.bytes.holds(Array("%PDF-".utf8), at: blanks) {
        // Behind the end, another document is another file; before it, a foreign one.
        guard end != nil else { throw wrong(place(blanks)) }
        return
      }
      try scanner.skipBlanks()
      let next = place(scanner.position)
      if scanner.take("xref") {
        isEncrypted = try skipTable(from: place(scanner.position)) || isEncrypted
      } else if scanner.take("startxref") {
        try scanner.skipBlanks()
        guard let table = try scanner.number() else { throw wrong(next) }
        // The first part of a linearized file has a mark as well, but names no table.
        if table > 0 || objects == 0 {
          try takeEnd(after: place(scanner.position))
        } else {
          position = place(scanner.position)
        }
      } else {
        let object = try PDFObject(in: file, at: next)
        position = try end(of: object, isEncrypted: isEncrypted)
        objects += 1
      }
    }
  }

  private func place(_ index: Int) -> ByteOffset {
    position.advancedClamped(by: ByteCount(clamping: index))
  }

  private func wrong(_ offset: ByteOffset) -> Malformed {
    Malformed("PDF", "something foreign stands between its objects", at: offset)
  }

  private mutating func end(of object: PDFObject, isEncrypted: Bool) throws -> ByteOffset {
    guard let start = object.stream, let dictionary = object.dictionary else {
      if let value = object.integer { numbers[object.number] = value }
      return object.headEnd
    }
    let stream = try PDFStream(
      in: file, at: start, dictionary, length: dictionary.number("Length"),
      limit: file.range.upperBound, isEncrypted: isEncrypted, budget: budget)
    budget = budget > stream.produced ? budget - stream.produced : 0
    switch stream.finding {
    case .sound, .doubtful, .opaque: break
    case .broken(let place):
      position = place
      throw wrong(place)
    }
    if let number = dictionary.reference("Length") {
      open.append((start, stream.end, number))
    }
    let bytes = try file.readPrefix(at: stream.end, count: 64)
    var scanner = PDFScanner(bytes)
    try scanner.skipBlanks()
    guard scanner.take("endobj") else { return stream.end }
    return stream.end.advancedClamped(by: ByteCount(clamping: scanner.position))
  }

  /// Moves behind a table and its trailer; whether that says that the content is encrypted.
  private mutating func skipTable(from start: ByteOffset) throws -> Bool {
    var lines = PDFLines(file, from: start, end: file.range.upperBound)
    while let _ = try lines.number(), let count = try lines.number() {
      guard count <= 10_000_000 else { throw wrong(start) }
      for _ in 0..<count {
        guard try lines.number() != nil, try lines.number() != nil,
          let kind = try lines.word(), kind == "n" || kind == "f"
        else { throw wrong(start) }
      }
    }
    guard let trailer = try lines.trailer() else { throw wrong(start) }
    position = trailer.end
    return trailer.dictionary.places["Encrypt"] != nil
  }

  /// The mark behind the place of a table, which some writers leave out.
  private mutating func takeEnd(after offset: ByteOffset) throws {
    let bytes = try file.readPrefix(at: offset, count: 64)
    // Streams must be as long as the objects say that they named.
    for stream in open {
      guard let length = numbers[stream.length],
        (stream.start..<stream.end).length.rawValue &- length < 80
      else {
        position = stream.start
        throw wrong(stream.start)
      }
    }
    open = []
    let blanks = bytes.prefix { $0 == 0x20 || (9...13).contains($0) }.count
    let hasMark = bytes.holds(Array("%%EOF".utf8), at: blanks)
    // Without it, the zeros behind the file must show that it ends there.
    guard hasMark || bytes.dropFirst(bytes.prefix { $0 == 0x0D || $0 == 0x0A }.count).first == 0
    else { throw bytes.count < 64 ? Truncated() as any Error : wrong(offset) }
    position = offset.advancedClamped(by: ByteCount(clamping: hasMark ? blanks + 5 : 0))
    end = position
    isMarked = hasMark
    ends += 1
  }
}
