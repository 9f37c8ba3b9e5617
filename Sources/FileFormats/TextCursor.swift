// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The characters of a text file, one after the other: each is checked against the encoding and
/// against the control characters that a text may hold.
struct TextCursor {
  enum Encoding {
    case utf8
    /// Any superset of ASCII: the bytes above it are not looked at.
    case octets
    case utf16(isBig: Bool)
  }

  /// The control characters that any text may hold: tabulator, line feed, carriage return.
  static let blankControls: UInt32 = 1 << 0x09 | 1 << 0x0A | 1 << 0x0D
  /// What old and lenient writers put between: backspace, form feed, escape (ISO 2022).
  static let commonControls = blankControls | 1 << 0x08 | 1 << 0x0C | 1 << 0x1B

  let file: Source
  let encoding: Encoding
  private let controls: UInt32
  private var bytes: [UInt8] = []
  /// Where `bytes` begin.
  private var base: ByteOffset
  /// The next character, and the one before it.
  private var index = 0
  private var last = 0
  private var isAtEnd = false
  private var prose: ProseSectors
  /// How much is fetched next: little at first, since most candidates end at once.
  private var span: ByteCount

  /// - Parameters:
  ///   - controls: a bit for each control character that is allowed.
  ///   - span: how much is fetched first.
  init(
    _ file: Source, from start: ByteOffset = 0, as encoding: Encoding = .utf8,
    allowing controls: UInt32 = blankControls, fetching span: ByteCount = 0x1000
  ) {
    self.span = span
    self.file = file
    self.encoding = encoding
    self.controls = controls
    base = start
    prose = ProseSectors(from: start)
  }

  /// Where the next character stands.
  var offset: ByteOffset { base.advancedClamped(by: ByteCount(clamping: index)) }

  /// Where the character stands that was read last.
  var lastOffset: ByteOffset { base.advancedClamped(by: ByteCount(clamping: last)) }

  /// Notes that the character read last belongs to the structure, not to text that may be anybody's.
  mutating func mark() { prose.mark() }

  /// What a verdict must know: `payloadUnchecked` where a sector was read that another text could
  /// have written as well.
  var evidence: [Evidence] { prose.stands ? [.payloadUnchecked] : [] }

  /// Reads a character: throws `Truncated` where the bytes end, and `Malformed` where no text is.
  mutating func next() throws -> UInt32 {
    if bytes.count &- index < 4, !isAtEnd { try fill() }
    guard index < bytes.count else { throw Truncated() }
    last = index
    let character = try decoded()
    prose.read(character, at: base.rawValue &+ UInt64(truncatingIfNeeded: last))
    return character
  }

  /// Reads a character, or gives nil where the text ends, for whatever reason.
  mutating func nextIfAny() throws -> UInt32? {
    do {
      return try next()
    } catch is Truncated {
      return nil
    } catch is Malformed {
      return nil
    }
  }

  /// Puts the character back that was read last.
  mutating func back() { index = last }

  /// Whether this ASCII text stands next; reads it if so.
  mutating func skip(_ text: StaticString) throws -> Bool {
    let before = self
    for expected in text.description.utf8 {
      guard try next() == UInt32(expected) else {
        self = before
        return false
      }
    }
    return true
  }

  /// Reads blanks; the first character behind them.
  mutating func nextBehindBlanks() throws -> UInt32 {
    while true {
      let character = try next()
      if !Self.isBlank(character) { return character }
    }
  }

  /// Moves over `count` bytes that are no text.
  mutating func skipBytes(_ count: ByteCount) throws {
    let target = try offset + count
    guard target <= file.range.upperBound else { throw Truncated() }
    base = target
    bytes = []
    index = 0
    last = 0
    isAtEnd = false
  }

  static func isBlank(_ character: UInt32) -> Bool {
    character == 0x20 || character == 0x0A || character == 0x0D || character == 0x09
  }

  func foreign(_ problem: String = "no text stands here") -> Malformed {
    Malformed("text", problem, at: lastOffset)
  }

  private mutating func decoded() throws -> UInt32 {
    if case .utf16(let isBig) = encoding { return try utf16(isBig: isBig) }
    let byte = UInt32(bytes[index])
    if byte < 0x80 {
      guard isAllowed(byte) else { throw foreign() }
      index &+= 1
      return byte
    }
    if case .utf8 = encoding { return try utf8(lead: byte) }
    index &+= 1
    return byte
  }

  private func isAllowed(_ byte: UInt32) -> Bool {
    byte >= 0x20 || controls & (1 << byte) != 0
  }

  private mutating func fill() throws {
    base = offset
    bytes.removeFirst(min(index, bytes.count))
    index = 0
    last = 0
    let from = base.advancedClamped(by: ByteCount(clamping: bytes.count))
    bytes += try file.readPrefix(at: from, count: span)
    isAtEnd =
      base.advancedClamped(by: ByteCount(clamping: bytes.count)) >= file.range.upperBound
    span = min(0x1_0000, span.addingClamped(span).addingClamped(span))
  }

  /// A character of two to four bytes.
  ///
  /// - Source: RFC 3629, §4.
  private mutating func utf8(lead: UInt32) throws -> UInt32 {
    let count = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    guard count > 0 else { throw foreign("no UTF-8 stands here") }
    var value = lead & (0x7F >> UInt32(count))
    for place in 1..<count {
      guard index &+ place < bytes.count else { throw Truncated() }
      let byte = UInt32(bytes[index &+ place])
      guard byte & 0xC0 == 0x80 else { throw foreign("no UTF-8 stands here") }
      value = value << 6 | byte & 0x3F
    }
    let isLong = count == 3 && value < 0x800 || count == 4 && value < 0x1_0000
    guard !isLong, value <= 0x10_FFFF, !(0xD800...0xDFFF).contains(value) else {
      throw foreign("no UTF-8 stands here")
    }
    index &+= count
    return value
  }

  private mutating func utf16(isBig: Bool) throws -> UInt32 {
    let unit = try word(at: index, isBig: isBig)
    guard unit >= 0x80 || isAllowed(unit) else { throw foreign() }
    guard (0xD800...0xDFFF).contains(unit) else {
      guard unit < 0xFFFE else { throw foreign() }
      index &+= 2
      return unit
    }
    let low = try word(at: index &+ 2, isBig: isBig)
    guard unit < 0xDC00, (0xDC00...0xDFFF).contains(low) else { throw foreign() }
    index &+= 4
    return 0x1_0000 + (unit & 0x3FF) << 10 + low & 0x3FF
  }

  private func word(at place: Int, isBig: Bool) throws -> UInt32 {
    let word = try bytes.little(UInt16.self, at: place)
    return UInt32(isBig ? word.byteSwapped : word)
  }
}
