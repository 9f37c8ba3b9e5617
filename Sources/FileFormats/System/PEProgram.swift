// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A program of Windows with the new header of 1993. It ends behind the last of its sections, its
/// symbols, its debugger's tables and its certificates, or behind what an installer carries along.
///
/// | Offset | Size | Field        | Unit                                                       |
/// |-------:|-----:|--------------|------------------------------------------------------------|
/// |   0x00 |    4 | mark         | `PE`, two zeros                                            |
/// |   0x06 |    2 | sections     | count                                                      |
/// |   0x08 |    4 | time         | seconds from 1970 on, or a hash where builds repeat        |
/// |   0x0C |    8 | symbols      | offset and count of 18 bytes; their texts follow           |
/// |   0x14 |    2 | optional     | bytes of the optional header, which follows at 0x18        |
/// |   0x18 |    2 | kind         | 0x10B, or 0x20B where addresses have 64 bits               |
/// |   0x54 |    4 | headers      | bytes of all headers, rounded up                           |
/// |   0x58 |    4 | checksum     | over the whole file, or 0                                  |
/// |   0x78 |  8×n | directories  | address and size; the fifth is in the file: certificates   |
/// |      … | 40×n | sections     | name, sizes and places                                     |
///
/// - Source: Microsoft, *PE Format*, "COFF File Header", "Optional Header", "Section Table".
struct PEProgram {
  struct Section {
    let address: UInt64
    let range: Range<ByteOffset>
  }

  private static let mostSections = 1024
  private static let mostCertificates = 64
  private let file: Source
  private let start: ByteOffset
  private let header: [UInt8]
  private let directories: [UInt8]
  private let sections: [Section]
  private var end: ByteOffset

  init(_ file: Source, at start: ByteOffset) throws {
    self.file = file
    self.start = start
    let fixed = try file.read(at: start, count: 24)
    let count = Int(try fixed.little(UInt16.self, at: 6))
    let optional = ByteCount(UInt64(try fixed.little(UInt16.self, at: 20)))
    guard count <= Self.mostSections, optional >= 72, optional <= 0x400 else {
      throw Malformed("PE", "a header that cannot be", at: start)
    }
    header = try fixed + file.read(at: start + 24, count: optional)
    let kind = try header.little(UInt16.self, at: 24)
    guard kind == 0x10B || kind == 0x20B else {
      throw Malformed("PE", "an optional header of an unknown kind", at: start)
    }
    directories = Array(header.dropFirst(kind == 0x10B ? 24 + 96 : 24 + 112))
    let table = try start + 24 + optional
    let bytes = try file.read(at: table, count: ByteCount(clamping: 40 * count))
    sections = try stride(from: 0, to: bytes.count, by: 40).compactMap {
      try Self.section(bytes, at: $0)
    }
    // The headers count what their alignment adds, but tiny programs end before that.
    end = try table + ByteCount(clamping: bytes.count)
    let stated = ByteOffset(UInt64(try header.little(UInt32.self, at: 84)))
    if stated > end, stated.rawValue <= 0x1_0000, stated <= file.range.upperBound, sections.isEmpty
    {
      end = stated
    }
  }

  private static func section(_ bytes: [UInt8], at index: Int) throws -> Section? {
    let size = try bytes.little(UInt32.self, at: index + 16)
    let place = try bytes.little(UInt32.self, at: index + 20)
    guard size > 0, place > 0 else { return nil }
    return Section(
      address: UInt64(try bytes.little(UInt32.self, at: index + 12)),
      range: try Range(at: ByteOffset(UInt64(place)), count: ByteCount(UInt64(size))))
  }

  mutating func examination() throws -> Examination {
    for section in sections { end = max(end, section.range.upperBound) }
    guard end <= file.range.upperBound else { throw Truncated() }
    try checkDirectories()
    try takeSymbols()
    let isRepeatable = try takeDebugTables()
    var evidence: [Evidence] = []
    if let certified = try certificatesEnd() {
      end = certified
    } else if let carried = try PEOverlay(file, at: end, sections).end {
      end = carried
    } else if try isFollowed() {
      evidence = [.endReasoned]
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    evidence.append(
      try PEChecksum.holds(in: file, end: end, at: start + 88)
        ? .checksumsHold(count: 1, kind: "PE") : .payloadUnchecked)
    var result = Examination.whole("exe", "PE", end: end, and: evidence)
    let seconds = try header.little(UInt32.self, at: 8)
    if !isRepeatable, (700_000_000..<2_000_000_000).contains(seconds) {
      result.date = Timestamp(seconds: Int64(seconds))
    }
    result.name = try version()
    result.type = try type()
    return result
  }

  private func type() throws -> String {
    let subsystem = try header.little(UInt16.self, at: 24 + 68)
    if (10...13).contains(subsystem) { return "efi" }
    if subsystem == 1 { return "sys" }
    return try header.little(UInt16.self, at: 22) & 0x2000 != 0 ? "dll" : "exe"
  }

  /// Address and size of a directory; nil where there is none.
  private func directory(_ index: Int) -> (address: UInt64, size: UInt64)? {
    guard let address = try? directories.little(UInt32.self, at: 8 * index),
      let size = try? directories.little(UInt32.self, at: 8 * index + 4), address > 0, size > 0
    else { return nil }
    return (UInt64(address), UInt64(size))
  }

  /// Throws `Malformed` where something foreign stands in a directory's place.
  private func checkDirectories() throws {
    let entries = [1, 2, 5, 14].compactMap { index -> PEDirectories.Entry? in
      guard let directory = directory(index), let place = place(directory.address) else {
        return nil
      }
      return PEDirectories.Entry(index: index, place: place)
    }
    if let foreign = try PEDirectories(file: file, place: place).firstForeign(of: entries) {
      throw Malformed("PE", "one of its directories is foreign", at: foreign)
    }
  }

  /// Where in the file an address of the running program stands.
  private func place(_ address: UInt64) -> ByteOffset? {
    sections.first {
      address >= $0.address && address - $0.address < $0.range.length.rawValue
    }.map { $0.range.lowerBound.advancedClamped(by: ByteCount(address - $0.address)) }
  }

  /// The symbols of a debugger, and behind them their texts, which begin with their size.
  private mutating func takeSymbols() throws {
    let place = ByteOffset(UInt64(try header.little(UInt32.self, at: 12)))
    let count = UInt64(try header.little(UInt32.self, at: 16))
    guard place > 0, count > 0, count < 0x100_0000 else { return }
    let texts = try place + ByteCount(count * 18)
    guard place >= end, place <= end.advancedClamped(by: 0x1_0000) else { return }
    let size = UInt64(try file.little(UInt32.self, at: texts))
    end = max(end, try texts + ByteCount(max(4, size)))
  }

  /// The debugger's tables that no section holds; true where one says that builds repeat, so that the
  /// time is none.
  private mutating func takeDebugTables() throws -> Bool {
    guard let directory = directory(6), directory.size % 28 == 0, directory.size <= 28 * 64,
      let place = place(directory.address),
      let bytes = try? file.read(at: place, count: ByteCount(directory.size))
    else { return false }
    var isRepeatable = false
    for index in stride(from: 0, to: bytes.count, by: 28) {
      isRepeatable = try isRepeatable || bytes.little(UInt32.self, at: index + 12) == 16
      let size = ByteCount(UInt64(try bytes.little(UInt32.self, at: index + 16)))
      let start = ByteOffset(UInt64(try bytes.little(UInt32.self, at: index + 24)))
      guard size > 0, start >= end, start <= end.advancedClamped(by: 0x1000) else { continue }
      let stop = try start + size
      if stop <= file.range.upperBound { end = stop }
    }
    return isRepeatable
  }

  /// Where the certificates end, which lie behind all else; nil where there are none.
  ///
  /// Each starts with its length, revision and kind.
  private func certificatesEnd() throws -> ByteOffset? {
    // What packs a program may leave a place that was true before.
    guard let directory = directory(4), ByteOffset(directory.address) >= end else { return nil }
    let stop = try ByteOffset(directory.address) + ByteCount(directory.size)
    guard stop <= file.range.upperBound else { throw Truncated() }
    var position = ByteOffset(directory.address)
    for _ in 0..<Self.mostCertificates where position < stop {
      let length = UInt64(try file.little(UInt32.self, at: position))
      let revision = try file.little(UInt16.self, at: position + 4)
      guard length >= 8, length <= directory.size, revision == 0x100 || revision == 0x200 else {
        throw Malformed("PE", "a certificate that is none", at: end)
      }
      position = try position + ByteCount((length + 7) & ~7)
    }
    return stop
  }

  /// Whether anything but zeros follows: it may be carried along, in a way that is not known, or be
  /// the next file.
  private func isFollowed() throws -> Bool {
    try file.readPrefix(at: end, count: 16).contains { $0 != 0 }
  }

  private func version() throws -> String? {
    guard let directory = directory(2), let place = place(directory.address) else { return nil }
    return PEVersion(file, at: place, address: directory.address).description
  }
}
