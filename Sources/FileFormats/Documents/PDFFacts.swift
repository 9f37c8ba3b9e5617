// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings

/// What a PDF says of itself: in its information dictionary, else in its metadata.
///
/// - Source: ISO 32000-1, §14.3 "Metadata", §7.5.7 "Object streams", §7.9.4 "Dates".
struct PDFFacts {
  private(set) var title: String?
  private(set) var date: Timestamp?

  private static let longest = 0x10_0000

  init(_ file: Source, _ table: PDFTable, _ content: PDFContent) throws {
    // What is encrypted would come out as rubbish.
    guard !table.isEncrypted else { return }
    if let number = table.info,
      let dictionary = try Self.dictionary(file, of: number, table, content)
    {
      title = dictionary.value("Title").flatMap { Self.string($0) }
      date = dictionary.value("CreationDate").flatMap { Self.string($0) }.flatMap(Self.date)
    }
    guard title == nil || date == nil, let root = table.root,
      let catalog = try Self.dictionary(file, of: root, table, content),
      let metadata = catalog.reference("Metadata").flatMap({ content.offset(of: $0) }),
      let object = try Self.object(file, at: metadata), let start = object.stream
    else { return }
    let xml = try Self.content(file, object.dictionary, at: start, most: 0x1_0000)
    if title == nil { title = Self.xmpTitle(xml) }
    if date == nil { date = Self.element("xmp:CreateDate", in: xml).flatMap(Self.date) }
  }

  private static func object(_ file: Source, at offset: ByteOffset) throws -> PDFObject? {
    do {
      return try PDFObject(in: file, at: offset)
    } catch is Malformed {
      return nil
    } catch is Truncated {
      return nil
    }
  }

  /// An object's dictionary, be it in the file or in the stream of another object.
  private static func dictionary(
    _ file: Source, of number: UInt64, _ table: PDFTable, _ content: PDFContent
  ) throws -> PDFDictionary? {
    if let place = content.offset(of: number) { return try object(file, at: place)?.dictionary }
    guard let place = table.packed[number].flatMap({ content.offset(of: $0) }),
      let pack = try object(file, at: place), let start = pack.stream,
      let first = pack.dictionary?.number("First"), first < UInt64(longest)
    else { return nil }
    let bytes = try Self.content(file, pack.dictionary, at: start, most: longest)
    // Pairs of a number and a place behind `First`, then the objects.
    let words = bytes.prefix(Int(clamping: first)).split(whereSeparator: PDFScanner.endsWord)
    for index in stride(from: 0, to: words.count - 1, by: 2)
    where words[index] == Array("\(number)".utf8)[...] {
      guard let offset = Int(String(decoding: words[index + 1], as: UTF8.self)),
        offset >= 0, offset < bytes.count
      else { return nil }
      var scanner = PDFScanner(bytes, at: Int(clamping: first) + offset)
      return try? scanner.dictionary()
    }
    return nil
  }

  /// The first bytes of a stream's content.
  private static func content(
    _ file: Source, _ dictionary: PDFDictionary?, at start: ByteOffset, most: Int
  ) throws -> [UInt8] {
    guard dictionary?.places["Filter"] != nil else {
      let length = min(dictionary?.number("Length") ?? 0x4000, UInt64(clamping: most))
      return try file.readPrefix(at: start, count: ByteCount(length))
    }
    guard dictionary?.firstName("Filter") == "FlateDecode" else { return [] }
    return try Inflation.inflate(
      file, from: start, wrapper: .zlib, collect: most, limit: UInt64(clamping: most)
    ).output
  }

  /// `<dc:title><rdf:Alt><rdf:li …>The title</rdf:li>`
  private static func xmpTitle(_ xml: [UInt8]) -> String? {
    guard let start = xml.firstIndex(of: Array("<dc:title>".utf8)) else { return nil }
    return element("rdf:li", in: Array(xml[start...].prefix(4096))).flatMap(ContentText.trimmed)
  }

  private static func element(_ name: String, in xml: [UInt8]) -> String? {
    guard let start = xml.firstIndex(of: Array("<\(name)".utf8)),
      let open = xml[start...].firstIndex(of: 0x3E)
    else { return nil }
    return String(decoding: xml[(open + 1)...].prefix(1024).prefix { $0 != 0x3C }, as: UTF8.self)
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

  /// `D:YYYYMMDDHHmmSS` or `YYYY-MM-DDTHH:mm:SS`, and a time zone, which is passed over.
  private static func date(_ text: String) -> Timestamp? {
    let digits = Array(
      text.prefix(25).prefix { $0 != "Z" && $0 != "+" }.filter(\.isNumber).prefix(14))
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
