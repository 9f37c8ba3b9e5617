// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Compound files: a file system of sectors in a file, as Office wrote up to 2003 and many others
  /// still do.
  ///
  ///     0x1E  u16  log2(sector size)   0x2C  u32  FAT sectors   0x30  u32  first directory sector
  ///     0x38  u32  smallest plain stream  0x3C u32 first mini FAT sector
  ///     0x44  u32  first DIFAT sector  0x48  u32  DIFAT sectors  0x4C  109 FAT sectors
  ///
  /// - Source: Microsoft, *[MS-CFB]: Compound File Binary File Format*, §2.2.
  package static let ole2 = FileFormat(
    id: "doc", name: "Office document (compound file)", category: .document,
    extensions: [
      "doc", "dot", "xls", "xlt", "xlr", "ppt", "pps", "pot", "msg", "oft", "vsd", "vss", "vst",
      "pub", "mpp", "wps", "hwp", "jtd", "sdw", "sdc", "sdd", "sda", "smf", "qpw", "docx", "msi",
      "msp", "mst", "db", "automaticdestinations-ms", "sldprt", "sldasm", "slddrw", "max", "rvt",
      "ipt", "fla", "schdoc", "pcbdoc", "fpx", "mix", "oib", "zvi",
    ],
    otherCategories: [
      .mail: ["msg", "oft"], .photo: ["fpx", "mix", "oib", "zvi"],
      .system: ["msi", "msp", "mst", "db", "automaticdestinations-ms"],
    ],
    validation: .structure,
    signatures: [Signature([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])],
    maximumSize: 0x8000_0000,
    resembles: { bytes in
      bytes.holds([0xFE, 0xFF], at: 0x1C)
        && (bytes.holds([9, 0], at: 0x1E) || bytes.holds([12, 0], at: 0x1E))
    }
  ) { file in
    try Examination.walk("doc", file) { try CompoundFile(file).examination() }
  }
}

extension CompoundFile {
  /// How much of a file may lie in streams that nothing checks, as a part of all: a foreign block
  /// is noticed elsewhere.
  private static let uncheckedShare: UInt64 = 16

  /// Follows every chain, walks the streams whose records are known, and says where the last sector
  /// ends.
  func examination() throws -> Examination {
    let full = try self.end()
    let end = min(full, file.range.upperBound)
    let missing = (end..<full).length.rawValue
    guard missing < sectorSize else { throw Truncated() }
    let directory = try CompoundDirectory(self)
    // Some writers leave out what the last stream does not fill of the last sector.
    guard missing <= unused(inLastSectorOf: directory.entries, before: full) else {
      throw Truncated()
    }
    try checkChains(of: directory.entries)
    let kind = try CompoundKind(self, directory)
    let word = ["doc", "dot"].contains(kind.type) ? try WordChecks(self, directory) : nil
    let isSound = word?.isSound ?? true
    var unchecked = word?.unexplained ?? 0
    let small = try smallSectors(of: directory.root)
    for entry in directory.entries where entry.isStream {
      if word != nil, ["WordDocument", "0Table", "1Table"].contains(entry.name) { continue }
      let isSmall = entry.size < UInt64(miniCutoff)
      let stream =
        isSmall
        ? try small.stream(from: entry.start, size: entry.size)
        : try self.stream(from: entry.start, size: entry.size)
      do {
        let more = try CompoundRecords(stream, name: entry.name, in: kind.type).unchecked()
        unchecked = ByteCount(unchecked).addingClamped(ByteCount(more)).rawValue
      } catch let error as Malformed {
        let at = isSmall ? place(of: 0, in: directory.root) : place(of: error.offset, in: entry)
        throw Malformed("compound file", error.problem, at: at)
      }
    }
    let isOpaque = !isSound || unchecked > end.rawValue / Self.uncheckedShare
    var result = Examination.whole(
      "doc", "compound file", end: end, and: isOpaque ? [.payloadUnchecked] : [])
    result.type = kind.type
    let facts = try CompoundSummary(self, directory, type: kind.type)
    result.name = facts.title
    result.date = facts.date
    return result
  }

  /// Where an offset in a stream lies in the file.
  private func place(of offset: ByteOffset, in entry: CompoundDirectory.Entry) -> ByteOffset {
    let sectors = chain(from: entry.start)
    let index = Int(clamping: offset.rawValue / sectorSize)
    return index < sectors.count ? self.offset(of: sectors[index]) : 0
  }

  /// How much of the file's last sector the stream that it belongs to leaves over.
  private func unused(
    inLastSectorOf entries: [CompoundDirectory.Entry], before end: ByteOffset
  ) -> UInt64 {
    guard end > file.range.upperBound else { return 0 }
    let last = UInt32(clamping: end.rawValue / sectorSize &- 2)
    for entry in entries where entry.isStream && entry.size >= UInt64(miniCutoff) {
      let used = entry.size % sectorSize
      if used > 0, chain(from: entry.start).last == last { return sectorSize &- used }
    }
    return 0
  }

  /// Every stream's chain must hold its size, and no sector may be met often: chains do not cross.
  private func checkChains(of entries: [CompoundDirectory.Entry]) throws {
    var budget = 2 * sectorCount + 1024
    for entry in entries where entry.isStream || entry.isRoot {
      guard entry.size > 0, entry.isRoot || entry.size >= UInt64(miniCutoff) else { continue }
      let sectors = chain(from: entry.start)
      budget -= sectors.count
      guard budget > 0 else { throw Malformed("compound file", "its chains cross") }
      guard UInt64(clamping: sectors.count) >= entry.size.dividedUp(by: sectorSize) else {
        let place = sectors.last.map { offset(of: $0) } ?? 512
        throw Malformed("compound file", "the chain of a stream ends early", at: place)
      }
    }
  }
}

extension UInt64 {
  /// The quotient, rounded up.
  fileprivate func dividedUp(by divisor: UInt64) -> UInt64 {
    self / divisor + (self % divisor == 0 ? 0 : 1)
  }
}
