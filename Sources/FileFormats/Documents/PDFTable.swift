// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The tables that say where a PDF's objects are; each names the one before it.
///
/// - Source: ISO 32000-1, §7.5.4 "Cross-reference table", §7.5.8 "Cross-reference streams".
struct PDFTable {
  private static let mostObjects = 200_000
  private let file: Source
  private let end: ByteOffset

  init(_ file: Source, end: ByteOffset) {
    self.file = file
    self.end = end
  }

  /// Whether a table, or an object that may hold one, stands at a place.
  static func stands(in file: Source, at offset: ByteOffset) throws -> Bool {
    let bytes = try file.readPrefix(at: offset, count: 32)
    let text = Array(bytes.drop { $0 <= 0x20 })
    return text.holds(Array("xref".utf8), at: 0) || objectNumber(text) != nil
  }

  /// The number of the object whose `n g obj` starts the bytes.
  private static func objectNumber(_ bytes: [UInt8]) -> UInt64? {
    let words = bytes.prefix(40).split(
      maxSplits: 3, omittingEmptySubsequences: true, whereSeparator: { $0 <= 0x20 })
    guard words.count >= 3, words[2].starts(with: Array("obj".utf8)),
      words[1].allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return UInt64(String(decoding: words[0], as: UTF8.self))
  }

  /// The first object that is not where the tables say; nil where all are.
  func firstProblem(at table: ByteOffset) throws -> (offset: ByteOffset, problem: String)? {
    var next: ByteOffset? = table
    var seen: Set<ByteOffset> = []
    var checked = 0
    var problems: [ByteOffset] = []
    while let offset = next, seen.insert(offset).inserted, seen.count < 1000 {
      next = nil
      let head = try file.readPrefix(at: offset, count: 8)
      guard head.drop(while: { $0 <= 0x20 }).starts(with: Array("xref".utf8)) else { break }
      var reader = PDFLines(file, from: offset, end: end)
      _ = try reader.word()
      while let first = try reader.number(), let count = try reader.number() {
        guard count <= 10_000_000 else { return (offset, "a table of objects is absurd") }
        for index in 0..<count {
          guard let place = try reader.number(), try reader.number() != nil,
            let kind = try reader.word()
          else { return (offset, "a table of objects is cut short") }
          guard kind == "n", place > 0, checked < Self.mostObjects else { continue }
          checked += 1
          guard let number = first.addingReportingOverflow(index).partialValue as UInt64?,
            try isObject(number, at: ByteOffset(place))
          else {
            problems.append(ByteOffset(place))
            continue
          }
        }
      }
      next = try reader.previousTable().map { ByteOffset($0) }
    }
    // Many tools write a stray wrong entry; a hole in the file hits what lies behind it together.
    guard let worst = problems.min(), problems.count * 50 > checked || problems.count > 20
    else { return nil }
    return (min(worst, end), "an object is not where its table says")
  }

  private func isObject(_ number: UInt64, at offset: ByteOffset) throws -> Bool {
    guard offset < end else { return false }
    let bytes = try file.readPrefix(at: offset, count: 32)
    return Self.objectNumber(Array(bytes.drop { $0 <= 0x20 })) == number
  }
}

/// The words of a table, read a piece at a time.
private struct PDFLines {
  private let file: Source
  private let end: ByteOffset
  private var position: ByteOffset
  private var bytes: ArraySlice<UInt8> = []
  private var held: String?

  init(_ file: Source, from start: ByteOffset, end: ByteOffset) {
    self.file = file
    self.end = end
    position = start
  }

  private mutating func fill() throws {
    let count = min(ByteCount(0x1_0000), (min(position, end)..<end).length)
    bytes += try file.readPrefix(at: position, count: count)
    position = position.advancedClamped(by: count)
  }

  mutating func word() throws -> String? {
    if let word = held {
      held = nil
      return word
    }
    while true {
      while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
      if let stop = bytes.prefix(64).firstIndex(where: { $0 <= 0x20 }) {
        let word = String(decoding: bytes[..<stop], as: UTF8.self)
        bytes = bytes[stop...]
        return word
      }
      if bytes.count >= 64 || position >= end { return nil }
      try fill()
    }
  }

  /// The next word, if it is a number.
  mutating func number() throws -> UInt64? {
    guard let word = try word() else { return nil }
    if let number = UInt64(word) { return number }
    held = word
    return nil
  }

  /// The place of the table before, from the trailer that follows.
  mutating func previousTable() throws -> UInt64? {
    guard held?.hasPrefix("trailer") == true else { return nil }
    if bytes.count < 4096 { try fill() }
    let text = Array(bytes.prefix(4096))
    let stop = text.firstIndex(of: Array("startxref".utf8)) ?? text.count
    guard let key = Array(text[..<stop]).firstIndex(of: Array("/Prev".utf8)) else { return nil }
    let digits = text[(key + 5)...].drop { $0 <= 0x20 }.prefix { (0x30...0x39).contains($0) }
    return UInt64(String(decoding: digits, as: UTF8.self))
  }
}
