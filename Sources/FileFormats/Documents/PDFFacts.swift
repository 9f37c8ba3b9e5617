// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What a PDF says of itself in its information dictionary, where that is not compressed.
///
/// - Source: ISO 32000-1, §14.3.3 "Document information dictionary", §7.9.4 "Dates".
struct PDFFacts {
  private(set) var title: String?
  private(set) var date: Timestamp?
  private(set) var isIllustrator = false

  private static let part: ByteCount = 0x2_0000

  init(_ file: Source, end: ByteOffset) throws {
    let length = ByteCount(end.rawValue)
    let tailStart = ByteOffset(length.subtractingClamped(Self.part))
    for start in tailStart == 0 ? [ByteOffset(0)] : [ByteOffset(0), tailStart] {
      let bytes = try file.read(at: start, count: min(Self.part, (start..<end).length))
      if let place = bytes.firstIndex(of: Array("/Title".utf8)), title == nil {
        title = Self.string(bytes[(place + 6)...])
      }
      if let place = bytes.firstIndex(of: Array("/CreationDate".utf8)), date == nil {
        date = Self.string(bytes[(place + 13)...]).flatMap(Self.date)
      }
      if bytes.firstIndex(of: Array("/AIPrivateData".utf8)) != nil { isIllustrator = true }
    }
  }

  /// A string in parentheses or in hexadecimal digits, in Latin-1 or UTF-16.
  private static func string(_ bytes: ArraySlice<UInt8>) -> String? {
    let rest = bytes.drop { $0 <= 0x20 }.prefix(1024)
    var content: [UInt8] = []
    if rest.first == 0x28 {
      var depth = 0
      var isEscaped = false
      for byte in rest {
        if isEscaped {
          content.append(byte)
          isEscaped = false
          continue
        }
        switch byte {
        case 0x5C: isEscaped = true
        case 0x28:
          depth += 1
          if depth > 1 { content.append(byte) }
        case 0x29:
          depth -= 1
          if depth == 0 { return text(content) }
          content.append(byte)
        default: content.append(byte)
        }
      }
      return nil
    }
    guard rest.first == 0x3C, let end = rest.firstIndex(of: 0x3E) else { return nil }
    let digits = Array(rest[rest.startIndex + 1..<end])
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
      else { return nil }
      content.append(byte)
    }
    return text(content)
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    guard bytes.starts(with: [0xFE, 0xFF]) else { return ContentText.text(bytes) }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
    return ContentText.trimmed(String(decoding: units, as: UTF16.self))
  }

  /// `D:YYYYMMDDHHmmSS` and a time zone, which is passed over.
  private static func date(_ text: String) -> Timestamp? {
    let digits = Array((text.hasPrefix("D:") ? text.dropFirst(2) : text[...]).prefix(14))
    func number(_ range: Range<Int>) -> Int? {
      range.upperBound <= digits.count ? Int(String(digits[range])) : nil
    }
    guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8) else {
      return nil
    }
    return Timestamp(
      year: year, month: month, day: day, hour: number(8..<10) ?? 0, minute: number(10..<12) ?? 0,
      second: number(12..<14) ?? 0)
  }
}

extension [UInt8] {
  /// The first place at which `word` stands.
  func firstIndex(of word: [UInt8]) -> Int? {
    withSpan { $0.firstIndex(of: word, from: 0) }
  }

  /// The last place at which `word` stands.
  func lastIndex(of word: [UInt8]) -> Int? {
    guard count >= word.count else { return nil }
    return stride(from: count - word.count, through: 0, by: -1).first { holds(word, at: $0) }
  }
}
