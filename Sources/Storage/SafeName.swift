// SPDX-License-Identifier: Apache-2.0

import Checksums

/// A name that a target can hold and a terminal can show, made of a name from a disk.
///
/// What is escaped becomes `%` and two hexadecimal digits a byte. Bytes that are no UTF-8 stay as
/// they are, since Linux takes them.
struct SafeName: Hashable, Sendable {
  /// Neither empty, `.` nor `..`; without `/`, NUL or control characters; at most `longest` bytes.
  let bytes: [UInt8]

  /// The longest name of Linux's file systems, in bytes.
  static let longest = 255

  /// What the names of unfinished files start with.
  static let partialPrefix = Array(".renflou-".utf8)

  /// How much must be escaped.
  enum Rules: Sendable, CaseIterable {
    /// What Linux cannot hold, and what would deceive a reader.
    case linux
    /// Also what Windows and its file systems refuse, and bytes that are no UTF-8; and names of at
    /// most 140 bytes, as encrypting file systems want.
    case strict

    var longest: Int { self == .linux ? SafeName.longest : 140 }
  }

  init(_ raw: [UInt8], _ rules: Rules = .linux) {
    var escaped = Self.escape(raw, rules)
    switch escaped {
    case []: escaped = [0x5F]
    case [0x2E], [0x2E, 0x2E]: escaped = escaped.flatMap(Self.percent)
    // Such names are the sink's own, and what bears one may be removed.
    case _ where escaped.starts(with: Self.partialPrefix):
      escaped = Self.percent(0x2E) + escaped.dropFirst()
    default: break
    }
    bytes = Self.cut(escaped, to: rules.longest, of: raw)
  }

  /// The name with ` (2)`, ` (3)` … before its extension.
  func numbered(_ number: Int, _ rules: Rules = .linux) -> [UInt8] {
    guard number > 1 else { return bytes }
    let (stem, end) = Self.split(bytes[...])
    let suffix = Array(" (\(number))".utf8)
    let room = max(0, rules.longest - suffix.count - end.count)
    return Array(Self.prefix(stem, room)) + suffix + end
  }

  private static func escape(_ raw: [UInt8], _ rules: Rules) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(raw.count)
    var rest = raw[...]
    while let first = rest.first {
      let (count, scalar) = character(rest)
      let unit = rest.prefix(count)
      rest = rest.dropFirst(count)
      let isLast = rest.isEmpty
      if let scalar, !mustEscape(scalar, rules, isLast: isLast) {
        result += unit
      } else if scalar == nil, rules == .linux, first >= 0xA0 || !isControl(first) {
        result += unit
      } else {
        result += unit.flatMap(percent)
      }
    }
    return result
  }

  /// A lone C1 control byte, which old terminals obey.
  private static func isControl(_ byte: UInt8) -> Bool { (0x80..<0xA0).contains(byte) }

  private static func mustEscape(_ scalar: UInt32, _ rules: Rules, isLast: Bool) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F..<0xA0, 0x2F: true
    // Line separators, marks and overrides of the writing direction, and the byte order mark.
    case 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C, 0xFEFF: true
    case 0x22, 0x2A, 0x3A, 0x3C, 0x3E, 0x3F, 0x5C, 0x7C: rules == .strict
    case 0x20, 0x2E: rules == .strict && isLast
    default: false
    }
  }

  /// The length of the first character, and its value; one byte and nil where it is no UTF-8.
  private static func character(_ bytes: ArraySlice<UInt8>) -> (count: Int, scalar: UInt32?) {
    var decoder = UTF8()
    var iterator = bytes.prefix(4).makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return (1, nil) }
    return (UTF8.width(scalar), scalar.value)
  }

  private static func percent(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  /// Shortens a name, keeping its extension; a hash of the whole name keeps such names apart.
  private static func cut(_ name: [UInt8], to limit: Int, of raw: [UInt8]) -> [UInt8] {
    guard name.count > limit else { return name }
    let (stem, end) = split(name[...])
    let mark = Array("~\(SHA256.hash(raw).prefix(4).map { $0 }.hexadecimal)".utf8)
    return Array(prefix(stem, limit - mark.count - end.count)) + mark + end
  }

  /// At most `count` bytes, not ending inside a character or an escape.
  private static func prefix(_ bytes: ArraySlice<UInt8>, _ count: Int) -> ArraySlice<UInt8> {
    guard bytes.count > count else { return bytes }
    var kept = bytes.prefix(max(0, count))
    let next = bytes.dropFirst(kept.count).first ?? 0
    if next & 0xC0 == 0x80 {
      var steps = 0
      while steps < 3, let last = kept.last, last & 0xC0 == 0x80 {
        kept = kept.dropLast()
        steps += 1
      }
      if let last = kept.last, last >= 0xC0 { kept = kept.dropLast() }
    }
    if let mark = kept.suffix(2).lastIndex(of: 0x25) { kept = kept[..<mark] }
    return kept
  }

  /// The name before its extension, and the extension with its dot: at most 16 bytes.
  private static func split(_ name: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    guard let dot = name.lastIndex(of: 0x2E), dot > name.startIndex, name.endIndex - dot <= 16
    else { return (name, []) }
    return (name[..<dot], name[dot...])
  }
}
