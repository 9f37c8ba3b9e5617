// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The two ways in which drawings of AutoCAD pack their pages: bytes as they are, and copies of what
/// came out before.
///
/// - Source: Open Design Alliance, *Open Design Specification for .dwg files 5.4.1*, §4.7, §5.13.
enum DWGUnpacking {
  private static let broken = Malformed("DWG", "a page that cannot be unpacked", at: 0)

  /// Bytes read one by one.
  private struct Input {
    let bytes: [UInt8]
    var at = 0
    var isAtEnd: Bool { at >= bytes.count }

    mutating func next() throws(Truncated) -> Int {
      guard at < bytes.count else { throw Truncated() }
      defer { at += 1 }
      return Int(bytes[at])
    }

    mutating func next(_ count: Int) throws(Truncated) -> [UInt8] {
      defer { at += count }
      return try bytes.copy(at: at, count: count)
    }
  }

  /// What came out so far.
  private struct Output {
    var bytes: [UInt8] = []
    let limit: Int

    mutating func add(_ more: [UInt8]) throws(Malformed) {
      guard bytes.count + more.count <= limit else { throw broken }
      bytes += more
    }

    mutating func copy(_ count: Int, back: Int) throws(Malformed) {
      guard back > 0, back <= bytes.count, bytes.count + count <= limit else { throw broken }
      for _ in 0..<count { bytes.append(bytes[bytes.count - back]) }
    }
  }

  /// Unpacks a page of AutoCAD 2004 or later; throws `Malformed` or `Truncated` where it cannot.
  static func unpack2004(_ bytes: [UInt8], atMost limit: Int) throws -> [UInt8] {
    var input = Input(bytes: bytes)
    var output = Output(limit: limit)
    try output.add(input.next(literals2004(&input)))
    while !input.isAtEnd {
      let code = try input.next()
      if code == 0x11 { break }
      var count: Int
      var back: Int
      var rest: Int
      switch code {
      case 0x40...:
        count = (code >> 4) - 1
        back = try input.next() << 2 | code >> 2 & 3
        rest = code & 3
      case 0x20...0x3F, 0x10, 0x12...0x1F:
        let isFar = code < 0x20
        let short = code & (isFar ? 0x0F : 0x1F)
        count = try short > 0 ? short + 2 : sum(&input) + (isFar ? 9 : 0x21)
        let low = try input.next()
        back = try low >> 2 | input.next() << 6
        if isFar { back += 0x3FFF }
        rest = low & 3
      default: throw broken
      }
      try output.copy(count, back: back + 1)
      if rest == 0 { rest = try literals2004(&input) }
      try output.add(input.next(rest))
    }
    return output.bytes
  }

  /// How many bytes follow as they are: a code below 0x10 says it; another is the next copy's.
  private static func literals2004(_ input: inout Input) throws(Truncated) -> Int {
    guard !input.isAtEnd, input.bytes[input.at] < 0x10 else { return 0 }
    let code = try input.next()
    return code > 0 ? code + 3 : try sum(&input) + 0x12
  }

  /// A number beyond what a code holds: each zero is 255 more.
  private static func sum(_ input: inout Input) throws(Truncated) -> Int {
    var total = 0
    while true {
      let byte = try input.next()
      if byte > 0 { return total + byte }
      total += 0xFF
    }
  }

  /// Unpacks a page of AutoCAD 2007; throws `Malformed` or `Truncated` where it cannot.
  static func unpack2007(_ bytes: [UInt8], atMost limit: Int) throws -> [UInt8] {
    var input = Input(bytes: bytes)
    var output = Output(limit: limit)
    var code = try input.next()
    var count = 0
    if code >> 4 == 2 {
      _ = try input.next(2)
      count = try input.next() & 7
      guard count > 0 else { throw broken }
    }
    while !input.isAtEnd {
      if count == 0 { count = try literals2007(code, &input) }
      try output.add(reordered(input.next(count)))
      count = 0
      if input.isAtEnd { break }
      code = try input.next()
      repeat {
        let (length, back) = try copy2007(&code, &input)
        try output.copy(length, back: back)
        count = code & 7
        if count > 0 || input.isAtEnd { break }
        code = try input.next()
        if code >> 4 == 0 { break }
        if code >> 4 == 0xF { code &= 0xF }
      } while true
    }
    return output.bytes
  }

  private static func literals2007(_ code: Int, _ input: inout Input) throws(Truncated) -> Int {
    guard code == 0x0F else { return code + 8 }
    var more = try input.next()
    var count = 0x17 + more
    guard more == 0xFF else { return count }
    repeat {
      more = try input.next()
      more |= try input.next() << 8
      count += more
    } while more == 0xFFFF
    return count
  }

  /// Length and distance of a copy; `code` becomes the byte that says what follows it.
  private static func copy2007(
    _ code: inout Int, _ input: inout Input
  ) throws(Truncated) -> (length: Int, back: Int) {
    let low = code & 0xF
    switch code >> 4 {
    case 0:
      let back = try input.next()
      code = try input.next()
      return (low + 0x13 + (code >> 3 & 0x10), back + (code & 0x78) << 5 + 1)
    case 1:
      let back = try input.next()
      code = try input.next()
      return (low + 3, back + (code & 0xF8) << 5 + 1)
    case 2:
      let back = try input.next() | input.next() << 8
      if low & 8 == 0 {
        code = try input.next()
        return (low + code & 0xF8, back)
      }
      let middle = try input.next() << 3
      code = try input.next()
      return (low & 7 + middle + (code & 0xF8) << 8 + 0x100, back + 1)
    default:
      let length = code >> 4
      code = try input.next()
      return (length, low + (code & 0xF8) << 1 + 1)
    }
  }

  /// How bytes that are not packed are cut in pieces of 1, 4 or 8 bytes, by their count; the pieces
  /// come out in the reverse order.
  private static let pieces: [[Int]] = [
    "", "1", "11", "111", "4", "41", "141", "1411", "8", "81", "181", "1811", "84", "841", "1841",
    "18411", "88", "818", "1881", "88111", "884", "8841", "88411", "884111", "888", "8818", "88181",
    "881811", "8884", "88841", "888411", "1188841",
  ].map { $0.utf8.map { Int($0) - 0x30 } }

  private static func reordered(_ bytes: [UInt8]) throws(Truncated) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    while start < bytes.count {
      let count = min(32, bytes.count - start)
      var end = start + count
      for piece in count == 32 ? [8, 8, 8, 8] : pieces[count].reversed() {
        end -= piece
        result += try bytes.copy(at: end, count: piece)
      }
      start += count
    }
    return result
  }
}
