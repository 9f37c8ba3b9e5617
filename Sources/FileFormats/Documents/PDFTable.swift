// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// The tables that say where a PDF's objects are; each names the one before it.
///
/// - Source: ISO 32000-1, §7.5.4 "Cross-reference table", §7.5.8 "Cross-reference streams".
struct PDFTable {
  private static let mostObjects = 2_000_000
  private static let mostTables = 1000
  private static let largestTable = 0x100_0000

  /// Where objects are: their numbers and places, newest first.
  private(set) var entries: [(number: UInt64, offset: ByteOffset)] = []
  /// Objects that lie in another's stream.
  private(set) var packed: [UInt64: UInt64] = [:]
  private(set) var isEncrypted = false
  private(set) var info: UInt64?
  private(set) var root: UInt64?
  /// Where a table is none, or names one that is none.
  private(set) var problem: ByteOffset?

  private let file: Source
  private let end: ByteOffset
  private var next: [ByteOffset] = []

  /// Reads the table at `start` and all before it, inside `end`.
  init(_ file: Source, at start: ByteOffset, end: ByteOffset) throws {
    self.file = file
    self.end = end
    var seen: Set<ByteOffset> = []
    next = [start]
    while let offset = next.popLast() {
      guard seen.insert(offset).inserted, seen.count < Self.mostTables else { continue }
      do {
        guard offset < end else { throw Truncated() }
        try read(at: offset)
      } catch is Truncated {
        problem = min(problem ?? offset, offset, end)
      } catch is Malformed {
        problem = min(problem ?? offset, offset, end)
      }
    }
  }

  /// Whether a table, or an object that may hold one, stands at a place.
  static func stands(in file: Source, at offset: ByteOffset) throws -> Bool {
    let bytes = try file.readPrefix(at: offset, count: 64)
    var scanner = PDFScanner(bytes)
    do {
      try scanner.skipBlanks()
      if scanner.take("xref") { return true }
      guard try scanner.number() != nil else { return false }
      try scanner.skipBlanks()
      guard try scanner.number() != nil else { return false }
      try scanner.skipBlanks()
      return scanner.take("obj")
    } catch is Truncated {
      return false
    }
  }

  private mutating func read(at offset: ByteOffset) throws {
    let head = try file.readPrefix(at: offset, count: 64)
    var scanner = PDFScanner(head)
    try scanner.skipBlanks()
    if scanner.take("xref") {
      let start = offset.advancedClamped(by: ByteCount(clamping: scanner.position))
      try readPlain(from: start, at: offset)
    } else {
      try readStream(PDFObject(in: file, at: offset))
    }
  }

  /// Lines of ten digits, five digits and `n` or `f`, in parts that begin with first and count.
  private mutating func readPlain(from start: ByteOffset, at table: ByteOffset) throws {
    var lines = PDFLines(file, from: start, end: end)
    while let first = try lines.number(), let count = try lines.number() {
      guard count <= 10_000_000 else { throw Malformed("PDF", "a table is absurd", at: table) }
      for index in 0..<count {
        guard let place = try lines.number(), try lines.number() != nil,
          let kind = try lines.word()
        else { throw Malformed("PDF", "a table of objects is cut short", at: table) }
        guard kind == "n", place > 0, entries.count < Self.mostObjects else { continue }
        entries.append((first &+ index, ByteOffset(place)))
      }
    }
    guard let trailer = try lines.trailer() else {
      throw Malformed("PDF", "a table of objects has no trailer", at: table)
    }
    take(trailer.dictionary)
    if let stream = trailer.dictionary.number("XRefStm") { next.append(ByteOffset(stream)) }
  }

  private mutating func take(_ trailer: PDFDictionary) {
    info = info ?? trailer.reference("Info")
    root = root ?? trailer.reference("Root")
    isEncrypted = isEncrypted || trailer.places["Encrypt"] != nil
    if let before = trailer.number("Prev"), before > 0 { next.append(ByteOffset(before)) }
  }

  /// A table in a stream: entries of /W's widths (kind, place, generation), numbered by /Index.
  private mutating func readStream(_ object: PDFObject) throws {
    guard let dictionary = object.dictionary, let stream = object.stream,
      dictionary.firstName("Type") == "XRef"
    else { throw Malformed("PDF", "a table of objects is none", at: object.start) }
    take(dictionary)
    let widths = dictionary.numbers("W").map { Int(clamping: $0) }
    guard widths.count >= 3, widths.allSatisfy({ $0 <= 8 }), widths[1] > 0,
      let bytes = try content(dictionary, at: stream)
    else { throw Malformed("PDF", "a table of objects is none", at: object.start) }
    var parts = dictionary.numbers("Index")
    if parts.count < 2 { parts = [0, dictionary.number("Size") ?? 0] }
    let width = widths.reduce(0, +)
    var at = 0
    for part in stride(from: 0, to: parts.count - 1, by: 2) {
      for index in 0..<min(parts[part + 1], UInt64(Self.mostObjects)) {
        guard at + width <= bytes.count, entries.count < Self.mostObjects else { return }
        let kind = widths[0] == 0 ? 1 : Self.number(bytes, at, widths[0])
        let place = Self.number(bytes, at + widths[0], widths[1])
        at += width
        let number = parts[part] &+ index
        if kind == 1, place > 0 { entries.append((number, ByteOffset(place))) }
        if kind == 2, packed[number] == nil { packed[number] = place }
      }
    }
  }

  private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
    bytes[start..<(start + count)].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A stream's content, unpacked, and its prediction undone.
  private func content(_ dictionary: PDFDictionary, at start: ByteOffset) throws -> [UInt8]? {
    switch dictionary.firstName("Filter") {
    case nil:
      let count = min(dictionary.number("Length") ?? 0, UInt64(Self.largestTable))
      return try file.readPrefix(at: start, count: ByteCount(count))
    case "FlateDecode", "Fl":
      let inflated = try Inflation.inflate(
        file, from: start, wrapper: .zlib, collect: Self.largestTable,
        limit: UInt64(Self.largestTable))
      guard inflated.end == .complete else { return nil }
      let parameters = dictionary.dictionary("DecodeParms")
      let columns = parameters?.number("Columns") ?? 1
      guard let predictor = parameters?.number("Predictor"), predictor >= 10 else {
        return inflated.output
      }
      return PDFPrediction.undone(inflated.output, columns: Int(clamping: min(columns, 0x1_0000)))
    default: return nil
    }
  }
}

/// PNG's filters over rows of bytes, as tables use them.
///
/// - Source: ISO 32000-1, §7.4.4.4 "LZW and Flate predictor functions".
enum PDFPrediction {
  static func undone(_ bytes: [UInt8], columns: Int) -> [UInt8] {
    guard columns > 0 else { return [] }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var above = [UInt8](repeating: 0, count: columns)
    var at = 0
    while at + columns < bytes.count {
      let filter = bytes[at]
      var row = Array(bytes[(at + 1)...(at + columns)])
      for index in 0..<columns {
        let left = index > 0 ? row[index - 1] : 0
        let corner = index > 0 ? above[index - 1] : 0
        switch filter {
        case 1: row[index] &+= left
        case 2: row[index] &+= above[index]
        case 3: row[index] &+= UInt8((Int(left) + Int(above[index])) / 2)
        case 4: row[index] &+= paeth(left, above[index], corner)
        default: break
        }
      }
      result += row
      above = row
      at += columns + 1
    }
    return result
  }

  private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
    let guess = Int(left) + Int(up) - Int(corner)
    let (a, b, c) = (abs(guess - Int(left)), abs(guess - Int(up)), abs(guess - Int(corner)))
    return a <= b && a <= c ? left : b <= c ? up : corner
  }
}
