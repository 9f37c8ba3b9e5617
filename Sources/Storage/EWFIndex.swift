// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the sections of all segment files of an EWF image say.
struct EWFIndex {
  /// The place of chunks that follow each other in one segment file.
  struct Table: Sendable {
    let segment: Int
    let chunks: Range<UInt64>
    let table: EWFTable
    /// Where the last chunk ends.
    let end: ByteOffset
    let isSMART: Bool

    /// Where a chunk lies in the segment file, and whether it is packed; nil where its entries make
    /// no sense.
    func stored(_ chunk: UInt64) -> (range: Range<ByteOffset>, isPacked: Bool)? {
      let index = Int(clamping: chunk - chunks.lowerBound)
      let entry = table.entries[index]
      let start = place(entry)
      let end = index + 1 < table.entries.count ? place(table.entries[index + 1]) : self.end
      return start < end ? (start..<end, entry & 0x8000_0000 != 0) : nil
    }

    private func place(_ entry: UInt32) -> ByteOffset {
      table.base.advancedClamped(by: ByteCount(UInt64(entry & 0x7FFF_FFFF)))
    }
  }

  private(set) var segments: [FileMedium] = []
  private(set) var tables: [Table] = []
  private(set) var metadata = EWFMetadata()
  /// What the maker could not read, and what no table tells the place of.
  private(set) var errors = RangeSet<ByteOffset>()
  let geometry: EWFGeometry

  private static let longestTable: ByteCount = 0x80_0000
  private static let longestHeader: ByteCount = 0x10_0000
  private static let mostSegments = 14_971

  /// Opens all segment files; throws where one is missing, or nothing says what the image holds.
  init(path: String) throws(SourceError) {
    let names = EWFNames(first: path)
    var nextChunk: UInt64 = 0
    var isMore = true
    var walk = Walk()
    while isMore, segments.count < Self.mostSegments {
      let number = segments.count + 1
      guard let part = number == 1 ? path : names?.path(number) else {
        throw SourceError(path, .missingPart(number))
      }
      let file: FileMedium
      do {
        file = try FileMedium(path: part)
      } catch  where error.reason == .missing && number > 1 {
        throw SourceError(part, .missingPart(number))
      }
      guard EWFMedium.isOne(file) else {
        throw SourceError(part, .badImage("it is no segment file of an E01 image"))
      }
      // Chunks bear no number: those of a later segment would be taken for the first.
      guard EWFMedium.segmentNumber(of: file) == number else {
        throw SourceError(part, .badImage("it is another segment of the image than part \(number)"))
      }
      segments.append(file)
      walk.segment = number - 1
      isMore = walk.read(Source(file))
    }
    guard let geometry = walk.geometry else {
      throw SourceError(path, .badImage("no section says how large the medium is"))
    }
    self.geometry = geometry
    metadata = walk.metadata
    for list in walk.tables where nextChunk < geometry.chunks {
      let end = min(nextChunk + UInt64(list.table.entries.count), geometry.chunks)
      tables.append(
        Table(
          segment: list.segment, chunks: nextChunk..<end, table: list.table, end: list.end,
          isSMART: list.isSMART))
      nextChunk = end
    }
    errors = Self.ranges(walk.errorLists, geometry)
    if let listed = try? geometry.chunkSize * nextChunk, listed < geometry.length {
      errors.formUnion(RangeSet(ByteOffset(listed)..<ByteOffset(geometry.length)))
    }
  }

  /// The sectors that error2 sections list.
  ///
  /// | Offset | Size | Field                                | Unit    |
  /// |-------:|-----:|--------------------------------------|---------|
  /// |   0x00 |    4 | entries                              |         |
  /// |  0x208 |    8 | each entry: first sector, and count  | sectors |
  private static func ranges(_ lists: [[UInt8]], _ geometry: EWFGeometry) -> RangeSet<ByteOffset> {
    var ranges: [Range<ByteOffset>] = []
    for list in lists {
      let count = Int((try? list.little(UInt32.self, at: 0)) ?? 0)
      for index in 0..<min(count, max(0, list.count - 524) / 8) {
        guard let first: UInt32 = try? list.little(at: 520 + index * 8),
          let sectors: UInt32 = try? list.little(at: 524 + index * 8),
          let start = try? geometry.sectorSize * UInt64(first),
          let size = try? geometry.sectorSize * UInt64(sectors), start < geometry.length
        else { continue }
        let from = ByteOffset(start)
        ranges.append(from..<min(from.advancedClamped(by: size), ByteOffset(geometry.length)))
      }
    }
    return RangeSet(unsorted: ranges)
  }

  /// The walk along the sections of one segment file after the other.
  private struct Walk {
    var segment = 0
    var geometry: EWFGeometry?
    var metadata = EWFMetadata()
    var tables: [(segment: Int, table: EWFTable, end: ByteOffset, isSMART: Bool)] = []
    var errorLists: [[UInt8]] = []
    private var hasHeader2 = false

    /// Takes what the sections of a file say, up to the first that is damaged; true where another
    /// file follows. Chunks bear no number, so that nothing counts behind a table that is lost.
    mutating func read(_ file: Source) -> Bool {
      var position = ByteOffset(ByteCount(clamping: EWFSection.fileHeader))
      var sectors: EWFSection?
      var pending: (end: ByteOffset, isSMART: Bool)?
      var isUnlisted = false
      while let section = Self.section(of: file, at: position) {
        switch section.type {
        case "header", "header2": readHeader(section, of: file)
        case "volume", "disk", "data":
          if geometry == nil, let bytes = Self.bytes(section, of: file, limit: 0x1000) {
            geometry = try? EWFGeometry(parsing: bytes)
          }
        case "sectors":
          if isUnlisted { return false }
          sectors = section
          isUnlisted = true
        case "table":
          if pending != nil { return false }
          // SMART keeps the chunks in the table section itself.
          let end = sectors?.data.upperBound ?? section.data.upperBound
          if addTable(section, of: file, end: end, isSMART: sectors == nil) {
            isUnlisted = false
          } else {
            pending = (end, sectors == nil)
            isUnlisted = true
          }
        case "table2":
          // Its twin stands in for a table that is damaged.
          if let lost = pending {
            guard addTable(section, of: file, end: lost.end, isSMART: lost.isSMART) else {
              return false
            }
            pending = nil
            isUnlisted = false
          }
        case "error2":
          if let bytes = Self.bytes(section, of: file, limit: EWFIndex.longestTable) {
            errorLists.append(bytes)
          }
        case "hash", "digest": readDigests(section, of: file)
        case "next": return !isUnlisted
        case "done": return false
        default: break
        }
        // Sections do not overlap, so that together they hold no more than the file.
        guard section.next > position, section.next >= section.data.upperBound else {
          return false
        }
        position = section.next
      }
      return false
    }

    private mutating func addTable(
      _ section: EWFSection, of file: Source, end: ByteOffset, isSMART: Bool
    ) -> Bool {
      guard let bytes = Self.bytes(section, of: file, limit: EWFIndex.longestTable, isCut: isSMART),
        let table = try? EWFTable(parsing: bytes, isSMART: isSMART)
      else { return false }
      tables.append((segment, table, end, isSMART))
      return true
    }

    private mutating func readHeader(_ section: EWFSection, of file: Source) {
      guard let packed = Self.bytes(section, of: file, limit: EWFIndex.longestHeader),
        let text = Inflater().unpack(packed, limit: 0x10_0000)
      else { return }
      if section.type == "header2" { hasHeader2 = true } else if hasHeader2 { return }
      metadata.read(text)
    }

    private mutating func readDigests(_ section: EWFSection, of file: Source) {
      guard let bytes = Self.bytes(section, of: file, limit: 0x1000), bytes.count >= 36 else {
        return
      }
      let end = section.type == "hash" ? 32 : 76
      guard let sum: UInt32 = try? bytes.little(at: end), adler32(bytes[..<end]) == sum else {
        return
      }
      metadata.md5 = Array(bytes[..<16])
      let sha1 = bytes[16..<36]
      if section.type == "digest", sha1.contains(where: { $0 != 0 }) { metadata.sha1 = Array(sha1) }
    }

    private static func section(of file: Source, at position: ByteOffset) -> EWFSection? {
      guard
        let bytes = try? file.read(
          at: position, count: ByteCount(clamping: EWFSection.descriptor))
      else { return nil }
      return try? bytes.withSpan { try EWFSection(parsing: $0, at: position) }
    }

    /// What a section holds; nil where that is more than `limit`, unless it is to be cut there.
    private static func bytes(
      _ section: EWFSection, of file: Source, limit: ByteCount, isCut: Bool = false
    ) -> [UInt8]? {
      let count = section.data.length
      guard isCut || count <= limit else { return nil }
      return try? file.read(at: section.data.lowerBound, count: min(count, limit))
    }
  }
}
