// SPDX-License-Identifier: Apache-2.0

import Bytes

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
    default: false
    }
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
    var window = try window()
    var position: UInt64 = 0
    while position &+ 8 <= entry.size {
      let kind = try window.little(UInt16.self, at: ByteOffset(position) + 2)
      let length = UInt64(try window.little(UInt32.self, at: ByteOffset(position) + 4))
      guard (0xF007...0xF117).contains(kind), position &+ 8 &+ length <= entry.size else {
        guard position > 0 else { return false }
        throw broken(at: position)
      }
      position = position &+ 8 &+ length
    }
    // The records are few and long: what they hold is not looked at.
    return false
  }
}
