// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An object of a PDF: `n g obj`, a value, for some a stream, `endobj`.
///
/// - Source: ISO 32000-1, §7.3.8 "Stream objects", §7.3.10 "Indirect objects".
struct PDFObject {
  private static let pieces: [ByteCount] = [0x800, 0x8000, 0x8_0000, 0x80_0000]
  let number: UInt64
  let start: ByteOffset
  let dictionary: PDFDictionary?
  /// The value, where it is a number.
  let integer: UInt64?
  /// Where a stream's data begin.
  let stream: ByteOffset?
  /// Behind `endobj`; where there is a stream, behind the word `stream`.
  let headEnd: ByteOffset

  /// Reads the object that stands at `offset`, behind blanks at most.
  ///
  /// Throws `Malformed` where none stands there, `Truncated` where the bytes end first.
  ///
  /// - Parameter most: how many bytes may be looked at.
  init(in file: Source, at offset: ByteOffset, most: ByteCount = 0x80_0000) throws {
    for (index, piece) in Self.pieces.enumerated() {
      let count = min(piece, most)
      let bytes = try file.readPrefix(at: offset, count: count)
      do {
        self = try Self(parsing: bytes, at: offset)
        return
      } catch is Truncated {
        // More bytes may help, if there are more.
        guard count == piece, bytes.count == Int(clamping: count.rawValue) else {
          throw Truncated()
        }
        guard index + 1 < Self.pieces.count else {
          throw Malformed("PDF", "an object does not end", at: offset)
        }
      }
    }
    throw Truncated()
  }

  private init(parsing bytes: [UInt8], at offset: ByteOffset) throws {
    func place(_ position: Int) -> ByteOffset {
      offset.advancedClamped(by: ByteCount(clamping: position))
    }
    func wrong(_ position: Int, _ problem: String) -> Malformed {
      Malformed("PDF", problem, at: place(position))
    }
    var scanner = PDFScanner(bytes)
    try scanner.skipBlanks()
    start = place(scanner.position)
    guard let number = try scanner.number() else { throw wrong(0, "no object begins there") }
    try scanner.skipBlanks()
    guard try scanner.number() != nil else { throw wrong(0, "no object begins there") }
    try scanner.skipBlanks()
    guard scanner.take("obj") else { throw wrong(0, "no object begins there") }
    self.number = number
    do {
      try scanner.skipBlanks()
      if bytes.holds([0x3C, 0x3C], at: scanner.position) {
        dictionary = try scanner.dictionary()
        integer = nil
      } else {
        dictionary = nil
        let value = scanner.position
        if !bytes.holds(Array("endobj".utf8), at: value) { try scanner.skipValue() }
        integer = UInt64(
          String(decoding: bytes[value..<scanner.position].prefix(20), as: UTF8.self))
      }
    } catch let error as Malformed {
      throw wrong(Int(clamping: error.offset.rawValue), "an object is foreign")
    }
    try scanner.skipBlanks()
    guard dictionary != nil, scanner.take("stream") else {
      // Some writers name an object as an object's value; some forget the end.
      var rest = scanner
      while rest.position - scanner.position < 16, !rest.take("endobj") {
        guard try rest.number() != nil || rest.take("R") || rest.take("obj") else {
          throw wrong(scanner.position, "an object does not end")
        }
        try rest.skipBlanks()
      }
      stream = nil
      headEnd = place(rest.position)
      return
    }
    headEnd = place(scanner.position)
    // CR and LF, or LF; some writers put CR alone, or a blank before.
    var data = scanner.position
    while data < bytes.count, bytes[data] == 0x20 { data += 1 }
    guard data + 2 <= bytes.count else { throw Truncated() }
    if bytes[data] == 0x0D { data += 1 }
    if bytes[data] == 0x0A { data += 1 }
    stream = place(data)
  }
}
