// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// X pixmaps: C source of strings, the first of which tells how many colours and rows follow.
  ///
  ///     /* XPM */ … = { "width height colours characters …", colours, rows };
  ///
  /// - Source: A. Le Hors, *XPM Manual, The X PixMap Format*, version 3.4.
  package static let xpm = FileFormat(
    id: "xpm", name: "X pixmap", category: .photo, validation: .grammar,
    signatures: [Signature("/* XPM */")], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let byte = try? bytes.little(UInt8.self, at: 9) else { return false }
      return byte == 0x0A || byte == 0x0D || byte == 0x20
    }
  ) { file in
    try Examination.walk("xpm", file) {
      var walk = XPMWalk(file)
      let last = try walk.follow()
      let end = try TextEnd(in: file, after: last)
      return .whole("xpm", "XPM", end: end.offset, and: end.evidence)
    }
  }
}

/// The walk over the strings of an X pixmap.
private struct XPMWalk {
  private static let longest = 0x10_0000
  private var window: Window
  private var position: ByteOffset = 9

  init(_ file: Source) { window = Window(file) }

  /// Returns where the text ends, without the blanks behind it.
  mutating func follow() throws -> ByteOffset {
    let values = try string().split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    let numbers = values.prefix(4).compactMap { UInt64($0) }
    guard numbers.count == 4, numbers.allSatisfy({ (1...0x1_0000).contains($0) }), numbers[3] <= 8
    else { throw Malformed("XPM", "no sizes where they must stand", at: position) }
    for _ in 0..<numbers[2] {
      guard try UInt64(string().count) > numbers[3] else {
        throw Malformed("XPM", "no colour where one must stand", at: position)
      }
    }
    for _ in 0..<numbers[1] {
      guard try UInt64(string().count) == numbers[0] &* numbers[3] else {
        throw Malformed("XPM", "a row of another length", at: position)
      }
    }
    return try close()
  }

  /// The next string, behind anything but a closing brace.
  private mutating func string() throws -> [UInt8] {
    try skip(to: 0x22)
    var text: [UInt8] = []
    while true {
      let byte = try window.byte(at: position)
      position = try position + 1
      if byte == 0x22 { return text }
      guard byte >= 0x20 || byte == 9, text.count < Self.longest else {
        throw Malformed("XPM", "a string that does not end", at: position)
      }
      text.append(byte)
    }
  }

  /// Moves behind the next `mark`.
  private mutating func skip(to mark: UInt8) throws {
    for _ in 0..<4096 {
      let byte = try window.byte(at: position)
      position = try position + 1
      if byte == mark { return }
      guard (0x20...0x7E).contains(byte) || (9...13).contains(byte), byte != 0x7D else {
        throw Malformed("XPM", "no text where it must stand", at: position)
      }
    }
    throw Malformed("XPM", "no string where one must stand", at: position)
  }

  /// Passes the closing brace and its semicolon.
  private mutating func close() throws -> ByteOffset {
    for _ in 0..<4096 {
      let byte = try window.byte(at: position)
      position = try position + 1
      if byte == 0x7D {
        while try window.holds([0x20], at: position) { position = try position + 1 }
        return try window.holds([0x3B], at: position) ? position + 1 : position
      }
      guard (0x20...0x7E).contains(byte) || (9...13).contains(byte) else { break }
    }
    throw Malformed("XPM", "no brace behind its rows", at: position)
  }
}
