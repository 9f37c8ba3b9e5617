// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// Streams that are chains of records from end to end, so that a foreign block in them is noticed.
///
/// - Source: Microsoft, *[MS-XLS]*, §2.1.4 "Record"; *[MS-PPT]*, §2.3.1 "RecordHeader"; *[MS-ODRAW]*,
///   §2.2.23 "OfficeArtBlip".
struct CompoundRecords {
  /// A record as long as this has room for a foreign block.
  private static let block: UInt64 = 4096
  private let stream: Source
  private let name: String
  private let type: String
  private var size: UInt64 { stream.length.rawValue }

  /// - Parameter type: of the file that the stream lies in.
  init(_ stream: Source, name: String, in type: String) {
    self.stream = stream
    self.name = name
    self.type = type
  }

  /// How many of the stream's bytes nothing checks; the most there are where it is not what it must
  /// be.
  ///
  /// Throws `Malformed` with the place in the stream at which its records break.
  func unchecked() throws -> UInt64 {
    switch name {
    case "Workbook", "Book": return try followSheets()
    case "PowerPoint Document": return try followSlides()
    case "Data" where type == "doc" || type == "dot": return try followData() ? 0 : size
    case "Pictures" where type == "ppt": return try followPictures() ? 0 : size
    default: break
    }
    if name.hasPrefix("\u{5}"), name.hasSuffix("SummaryInformation") {
      return try arePropertiesSound() ? 0 : .max
    }
    if name.hasPrefix("__substg1.0_"), name.hasSuffix("001F") || name.hasSuffix("001E") {
      return try isText(isWide: name.hasSuffix("F")) ? 0 : size
    }
    return size
  }

  /// Letters of one byte without NUL, or of two, without NUL and without halves of pairs.
  private func isText(isWide: Bool) throws -> Bool {
    guard size <= 0x100_0000 else { return false }
    let bytes = try stream.read(at: 0, count: stream.length)
    guard isWide else { return bytes.allSatisfy { $0 >= 9 } }
    return WideText.holds(bytes[...])
  }

  private func broken(at offset: UInt64) -> Malformed {
    Malformed("compound file", "the records of a stream break", at: ByteOffset(offset))
  }

  /// Properties lie inside their section, sections inside the stream, and zeros behind them.
  private func arePropertiesSound() throws -> Bool {
    let bytes = try stream.readPrefix(at: 0, count: 0x10_0000)
    guard bytes.holds([0xFE, 0xFF], at: 0), let sections = try? bytes.little(UInt32.self, at: 24),
      (1...2).contains(sections)
    else { return false }
    var end = 0
    for section in 0..<Int(clamping: sections) {
      guard let start = (try? bytes.little(UInt32.self, at: 44 + 20 * section)).map(Int.init),
        let size = (try? bytes.little(UInt32.self, at: start)).map(Int.init),
        let count = try? bytes.little(UInt32.self, at: start + 4), start + size <= bytes.count,
        8 + 8 * Int(count) <= size
      else { return false }
      for index in 0..<Int(count) {
        guard let place = try? bytes.little(UInt32.self, at: start + 12 + 8 * index),
          Int(place) < size
        else { return false }
      }
      end = max(end, start + size)
    }
    return bytes.dropFirst(end).allSatisfy { $0 == 0 }
  }

  /// Excel: u16 kind, u16 length; parts from BOF (0x0809) to EOF (0x000A), then zeros at most.
  private func followSheets() throws -> UInt64 {
    var window = Window(stream, span: 0x4000)
    var position: UInt64 = 0
    var depth = 0
    var unchecked: UInt64 = 0
    while position &+ 4 <= size {
      let kind = try window.little(UInt16.self, at: ByteOffset(position))
      let length = try window.little(UInt16.self, at: ByteOffset(position) + 2)
      if depth == 0, kind != 0x0809 {
        let rest = size &- position
        return position > 0 && rest < Self.block ? unchecked : size
      }
      guard kind < 0x1200 else { throw broken(at: position) }
      if kind == 0x0809 { depth += 1 }
      if kind == 0x000A { depth -= 1 }
      if UInt64(length) >= Self.block { unchecked &+= UInt64(length) }
      position = position &+ 4 &+ UInt64(length)
    }
    guard position <= size, depth == 0 else { throw broken(at: min(position, size)) }
    return unchecked
  }

  /// PowerPoint: u16 version and instance, u16 kind, u32 length; version 15 holds further records.
  private func followSlides() throws -> UInt64 {
    var window = Window(stream, span: 0x4000)
    var position: UInt64 = 0
    var open: [UInt64] = []
    var unchecked: UInt64 = 0
    while position &+ 8 <= size {
      while let end = open.last, position >= end { open.removeLast() }
      let version = try window.little(UInt16.self, at: ByteOffset(position))
      let kind = try window.little(UInt16.self, at: ByteOffset(position) + 2)
      let length = UInt64(try window.little(UInt32.self, at: ByteOffset(position) + 4))
      let isKnown = (0x03E8..<0x3000).contains(kind) || (0xF000...0xF1FF).contains(kind)
      let limit = open.last ?? size
      guard isKnown, position &+ 8 &+ length <= limit else {
        // Encrypted, an old version, or slack behind the last record.
        if open.isEmpty, position == 0 || size &- position < Self.block {
          return position > 0 ? unchecked : size
        }
        throw broken(at: position)
      }
      position &+= 8
      if version & 0xF == 0xF, open.count < 64 {
        open.append(position &+ length)
      } else {
        if length >= Self.block { unchecked &+= length }
        position &+= length
      }
    }
    return unchecked
  }

  /// Pictures of a presentation, one behind the other: kinds 0xF01A to 0xF117.
  private func followPictures() throws -> Bool {
    var position: UInt64 = 0
    var areSound = true
    while position &+ 8 <= size {
      let head = try stream.read(at: ByteOffset(position), count: 8)
      let kind = try head.little(UInt16.self, at: 2)
      let length = UInt64(try head.little(UInt32.self, at: 4))
      guard (0xF007...0xF117).contains(kind), position &+ 8 &+ length <= size else {
        guard position > 0 else { return false }
        throw broken(at: position)
      }
      let start = ByteOffset(position &+ 8)
      let content = try stream.slice(start..<start + ByteCount(length))
      areSound =
        try isSound(content, kind: kind, instance: head.little(UInt16.self, at: 0) >> 4)
        && areSound
      position = position &+ 8 &+ length
    }
    return areSound
  }

  /// Word's pictures: u32 length, u16 length of the head (68), content; then zeros at most.
  private func followData() throws -> Bool {
    var window = Window(stream, span: 0x4000)
    var position: UInt64 = 0
    var longest: UInt64 = 0
    while position &+ 6 <= size {
      let length = UInt64(try window.little(UInt32.self, at: ByteOffset(position)))
      let head = try window.little(UInt16.self, at: ByteOffset(position) + 4)
      guard length >= 68, head == 68, position &+ length <= size else { break }
      longest = max(longest, length)
      position &+= length
    }
    let rest = try window.file.readPrefix(at: ByteOffset(position), count: 0x8000)
    return longest < 0x2000 && position &+ UInt64(rest.count) == size
      && rest.count { $0 != 0 } < 256
  }

  /// Whether a picture can be decoded: one or two identifiers stand before it, of 16 bytes each, and
  /// before a packed one its sizes.
  private func isSound(_ content: Source, kind: UInt16, instance: UInt16) throws -> Bool {
    let hasSecond = [0x3D5, 0x217, 0x543, 0x46B, 0x6E1, 0x6E3, 0x6E5, 0x7A9].contains(instance)
    let identifiers: UInt64 = hasSecond ? 32 : 16
    switch kind {
    case 0xF01A, 0xF01B, 0xF01C:
      let start = ByteOffset(identifiers + 34)
      guard start < content.range.upperBound else { return false }
      return try Inflation.inflate(content, from: start, wrapper: .zlib, limit: 0x1000_0000).end
        == .complete
    case 0xF01D, 0xF01E, 0xF02A:
      let start = ByteOffset(identifiers + 1)
      guard start < content.range.upperBound else { return false }
      let format: FileFormat = kind == 0xF01E ? .png : .jpeg
      return try format.examine(content.slice(start..<content.range.upperBound)).end == .complete
    default: return false
    }
  }
}
