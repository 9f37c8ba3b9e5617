// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

/// Signatures in the forms that other carvers read, a line each; both may stand in one file.
///
///     xyz  0  "magic", 0x00ff            PhotoRec: extension, offset, value
///     xyz  y  200000  \x89xyz  \x00end   foremost, scalpel: extension, case, size, header, footer
///
/// - Source: CGSecurity wiki, "Add your own extension to PhotoRec"; foremost(8), "CONFIGURATION FILE".
package struct SignatureList {
  package private(set) var formats: [UserFormat] = []
  private var wildcard: UInt8 = 0x3F

  package init() {}

  /// Takes up a line; throws `Malformed` with what is wrong in it.
  package mutating func add(line: ArraySlice<UInt8>) throws(Malformed) {
    var fields = LineFields(line)
    guard let id = fields.word() else { return }
    if id == "wildcard" {
      wildcard = fields.word()?.utf8.first ?? wildcard
      return
    }
    guard let second = fields.word() else {
      throw Malformed("signature", "nothing follows the extension “\(id)”")
    }
    if ["y", "n"].contains(second.lowercased()) {
      try addForemost(id, isCaseSensitive: second.lowercased() == "y", &fields)
    } else if let offset = Int(second), offset >= 0 {
      let elements = try fields.photoRecValue()
      try add(id, Signature(masked: elements, at: offset))
    } else {
      throw Malformed(
        "signature", "“\(second)” is neither an offset (PhotoRec) nor y or n (foremost)")
    }
  }

  private mutating func add(
    _ id: String, _ signature: Signature, footer: [Signature.Element] = [],
    maximumSize: ByteCount = UserFormat.usualSize
  ) throws(Malformed) {
    formats.append(
      try UserFormat(id: id, signatures: [signature], footer: footer, maximumSize: maximumSize))
  }

  private mutating func addForemost(
    _ id: String, isCaseSensitive: Bool, _ fields: inout LineFields
  ) throws(Malformed) {
    guard let size = fields.word(),
      let most = size.split(separator: ":").last.flatMap({ UInt64($0) })
    else { throw Malformed("signature", "\(id): the third column must be a size in bytes") }
    guard let header = fields.word() else { throw Malformed("signature", "\(id): no header") }
    var footer = fields.word() ?? ""
    if ["FORWARD", "REVERSE", "NEXT", "ASCII"].contains(footer) { footer = "" }
    guard !header.hasPrefix("/"), !footer.hasPrefix("/") else {
      throw Malformed(
        "signature", "\(id): regular expressions are not read; write bytes, ? for any")
    }
    try add(
      id.uppercased() == "NONE" ? "bin" : id,
      Signature(masked: try elements(header, isCaseSensitive)),
      footer: try elements(footer, isCaseSensitive), maximumSize: ByteCount(most))
  }

  private func elements(
    _ text: String, _ isCaseSensitive: Bool
  ) throws(Malformed) -> [Signature.Element] {
    var result: [Signature.Element] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == wildcard {
        result.append(Signature.Element(0, mask: 0))
        continue
      }
      guard byte == 0x5C else {
        let isLetter = (0x41...0x5A).contains(byte & 0xDF)
        result.append(Signature.Element(byte, mask: isCaseSensitive || !isLetter ? 0xFF : 0xDF))
        continue
      }
      result.append(Signature.Element(try Self.escaped(&rest)))
    }
    return result
  }

  /// What stands behind a backslash.
  fileprivate static func escaped(_ rest: inout ArraySlice<UInt8>) throws(Malformed) -> UInt8 {
    switch rest.popFirst() {
    case 0x78:
      let digits = rest.prefix(2)
      rest = rest.dropFirst(2)
      guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw Malformed("signature", "two hexadecimal digits must follow \\x") }
      return value
    case 0x73: return 0x20
    case 0x6E: return 0x0A
    case 0x72: return 0x0D
    case 0x74: return 0x09
    case 0x62: return 0x08
    case .some(let digit) where (0x30...0x37).contains(digit):
      let more = rest.prefix(2).prefix { (0x30...0x37).contains($0) }
      rest = rest.dropFirst(more.count)
      return UInt8(String(decoding: [digit] + more, as: UTF8.self), radix: 8) ?? 0
    case .some(let other): return other
    case nil: throw Malformed("signature", "nothing follows a backslash")
    }
  }
}

/// The fields of a line, with blanks between; `#` begins a comment.
private struct LineFields {
  private var rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) { rest = line }

  private mutating func skip(_ bytes: Set<UInt8>) { rest = rest.drop { bytes.contains($0) } }

  mutating func word() -> String? {
    skip([0x20, 0x09, 0x0D])
    guard let first = rest.first, first != 0x23 else { return nil }
    let word = rest.prefix { ![0x20, 0x09, 0x0D].contains($0) }
    rest = rest.dropFirst(word.count)
    return String(decoding: word, as: UTF8.self)
  }

  /// Strings, characters and hexadecimal numbers, with blanks or commas between.
  mutating func photoRecValue() throws(Malformed) -> [Signature.Element] {
    var bytes: [UInt8] = []
    while true {
      skip([0x20, 0x09, 0x0D, 0x2C])
      guard let first = rest.first, first != 0x23 else { break }
      if first == 0x22 || first == 0x27 {
        rest.removeFirst()
        while let byte = rest.popFirst(), byte != first {
          bytes.append(byte == 0x5C ? try SignatureList.escaped(&rest) : byte)
        }
      } else if rest.prefix(2).elementsEqual([0x30, 0x78]) {
        let digits = rest.dropFirst(2).prefix { ![0x20, 0x09, 0x0D, 0x2C].contains($0) }
        rest = rest.dropFirst(2 + digits.count)
        guard digits.count % 2 == 0, let value = Self.bytes(digits) else {
          throw Malformed("signature", "a hexadecimal value needs two digits a byte")
        }
        bytes += value
      } else {
        throw Malformed("signature", "a value is \"text\", 'c' or 0x12ab")
      }
    }
    return bytes.map { Signature.Element($0) }
  }

  private static func bytes(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = digits
    while !rest.isEmpty {
      guard let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      result.append(byte)
      rest = rest.dropFirst(2)
    }
    return result
  }
}
