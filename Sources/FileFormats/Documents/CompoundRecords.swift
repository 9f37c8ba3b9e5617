// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// Streams that are chains of records from end to end, so that a foreign block in them is noticed.
///
/// - Source: Microsoft, *[MS-XLS]*, §2.1.4 "Record"; *[MS-PPT]*, §2.3.1 "RecordHeader"; *[MS-ODRAW]*,
///   §2.2.23 "OfficeArtBlip".
struct CompoundRecords {
  private let compound: CompoundFile
  private let entry: CompoundDirectory.Entry
  private let type: String

  init(_ compound: CompoundFile, _ entry: CompoundDirectory.Entry, in type: String) {
    self.compound = compound
    self.entry = entry
    self.type = type
  }

  /// Whether the stream's records are known and lead to its end.
  ///
  /// Throws `Malformed` with the place in the file at which they break.
  func check() throws -> Bool {
    switch entry.name {
    case "Workbook", "Book": try followSheets()
    case "PowerPoint Document": try followSlides()
    case "Pictures" where type == "ppt": try followPictures()
    default:
      entry.name.hasPrefix("\u{5}") && entry.name.hasSuffix("SummaryInformation")
        ? try arePropertiesSound() : false
    }
  }

  /// Properties lie inside their section, sections inside the stream, and zeros behind them.
  private func arePropertiesSound() throws -> Bool {
    let source = try compound.stream(from: entry.start, size: entry.size)
    let bytes = try source.readPrefix(at: 0, count: 0x10_0000)
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

  private func window() throws -> Window {
    Window(try compound.stream(from: entry.start, size: entry.size), span: 0x4000)
  }

  /// Where an offset in the stream lies in the file.
  private func broken(at offset: UInt64) -> Malformed {
    let index = Int(clamping: offset / compound.sectorSize)
    let sectors = compound.chain(from: entry.start)
    let place = index < sectors.count ? compound.offset(of: sectors[index]) : 0
    return Malformed("compound file", "the records of a stream break", at: place)
  }

  /// Excel: u16 kind, u16 length; parts from BOF (0x0809) to EOF (0x000A), then zeros at most.
  private func followSheets() throws -> Bool {
    var window = try window()
    var position: UInt64 = 0
    var depth = 0
    while position &+ 4 <= entry.size {
      let kind = try window.little(UInt16.self, at: ByteOffset(position))
      let length = try window.little(UInt16.self, at: ByteOffset(position) + 2)
      if depth == 0, kind != 0x0809 {
        guard position > 0 else { return false }
        return entry.size &- position < 0x1000
      }
      guard kind < 0x1200 else { throw broken(at: position) }
      if kind == 0x0809 { depth += 1 }
      if kind == 0x000A { depth -= 1 }
      position = position &+ 4 &+ UInt64(length)
    }
    guard position <= entry.size, depth == 0 else {
      throw broken(at: min(position, entry.size &- 1))
    }
    return true
  }

  /// PowerPoint: u16 version and instance, u16 kind, u32 length; version 15 holds further records.
  private func followSlides() throws -> Bool {
    var window = try window()
    var position: UInt64 = 0
    var open: [UInt64] = []
    while position &+ 8 <= entry.size {
      while let end = open.last, position >= end { open.removeLast() }
      let version = try window.little(UInt16.self, at: ByteOffset(position))
      let kind = try window.little(UInt16.self, at: ByteOffset(position) + 2)
      let length = UInt64(try window.little(UInt32.self, at: ByteOffset(position) + 4))
      let isKnown = (0x03E8..<0x3000).contains(kind) || (0xF000...0xF1FF).contains(kind)
      let limit = open.last ?? entry.size
      guard isKnown, position &+ 8 &+ length <= limit else {
        // Encrypted, an old version, or slack behind the last record.
        if open.isEmpty, position == 0 || entry.size &- position < 0x1000 { return position > 0 }
        throw broken(at: position)
      }
      position &+= 8
      if version & 0xF == 0xF, open.count < 64 {
        open.append(position &+ length)
      } else {
        position &+= length
      }
    }
    return true
  }

  /// Pictures of a presentation, one behind the other: kinds 0xF01A to 0xF117.
  private func followPictures() throws -> Bool {
    let stream = try compound.stream(from: entry.start, size: entry.size)
    var position: UInt64 = 0
    var areSound = true
    while position &+ 8 <= entry.size {
      let head = try stream.read(at: ByteOffset(position), count: 8)
      let kind = try head.little(UInt16.self, at: 2)
      let length = UInt64(try head.little(UInt32.self, at: 4))
      guard (0xF007...0xF117).contains(kind), position &+ 8 &+ length <= entry.size else {
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
