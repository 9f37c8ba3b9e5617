// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The words of a table of objects, read a piece at a time.
struct PDFLines {
  private let file: Source
  private let end: ByteOffset
  private var position: ByteOffset
  private var bytes: ArraySlice<UInt8> = []
  private var held: String?
  /// Where the word that is held begins.
  private var heldStart: ByteOffset

  init(_ file: Source, from start: ByteOffset, end: ByteOffset) {
    self.file = file
    self.end = end
    position = start
    heldStart = start
  }

  private mutating func fill() throws {
    let count = min(ByteCount(0x1_0000), (min(position, end)..<end).length)
    bytes = Array(bytes) + (try file.readPrefix(at: position, count: count))[...]
    position = position.advancedClamped(by: count)
  }

  /// The next word; nil at the end.
  mutating func word() throws -> String? {
    if let word = held {
      held = nil
      return word
    }
    while true {
      bytes = bytes.drop { $0 <= 0x20 }
      if let stop = bytes.prefix(64).firstIndex(where: { $0 <= 0x20 }) {
        let word = String(decoding: bytes[..<stop], as: UTF8.self)
        heldStart = ByteOffset(
          position.rawValue &- UInt64(clamping: bytes.count))
        bytes = bytes[stop...]
        return word
      }
      if bytes.count >= 64 {
        heldStart = ByteOffset(position.rawValue &- UInt64(clamping: bytes.count))
        return String(decoding: bytes.prefix(64), as: UTF8.self)
      }
      if position >= end { return nil }
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

  /// The dictionary behind the word `trailer`, if that stands next, and where it ends.
  mutating func trailer() throws -> (dictionary: PDFDictionary, end: ByteOffset)? {
    guard held?.hasPrefix("trailer") == true else { return nil }
    let start = heldStart.advancedClamped(by: 7)
    let bytes = try file.readPrefix(at: start, count: 0x1_0000)
    var scanner = PDFScanner(bytes)
    let dictionary = try scanner.dictionary()
    return (dictionary, start.advancedClamped(by: ByteCount(clamping: scanner.position)))
  }
}
