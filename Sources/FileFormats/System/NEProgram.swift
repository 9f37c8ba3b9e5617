// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A program of 16-bit Windows or OS/2. It ends behind the last of its segments, with their
/// relocations, its resources and its names.
///
/// | Offset | Size | Field        | Unit                                                      |
/// |-------:|-----:|--------------|-----------------------------------------------------------|
/// |   0x00 |    2 | mark         | `NE`                                                      |
/// |   0x04 |    4 | entries      | offset from here, and bytes                               |
/// |   0x1C |    2 | segments     | count                                                     |
/// |   0x20 |    2 | names        | bytes of the table of names that do not stay in memory    |
/// |   0x22 |    2 | segments     | offset from here; each place, size, flags, memory         |
/// |   0x24 |    2 | resources    | offset from here                                          |
/// |   0x26 |    2 | own names    | offset from here; those that stay                         |
/// |   0x2C |    4 | names        | offset in the file                                        |
/// |   0x32 |    2 | alignment    | of places, as an exponent; 0 for 9                        |
///
/// - Source: Microsoft, *Executable-File Header Format* (KB 65122).
struct NEProgram {
  private let file: Source
  private let start: ByteOffset
  private var end: ByteOffset

  init(_ file: Source, at start: ByteOffset) {
    self.file = file
    self.start = start
    end = start.advancedClamped(by: 0x40)
  }

  mutating func examination() throws -> Examination {
    let header = try file.read(at: start, count: 0x40)
    let shift = try header.little(UInt16.self, at: 0x32)
    guard shift <= 15 else { throw Malformed("NE", "an alignment that cannot be", at: start) }
    let scale = UInt64(1) << UInt64(shift == 0 ? 9 : shift)
    try take(
      start + ByteCount(UInt64(header.little(UInt16.self, at: 4))),
      ByteCount(UInt64(header.little(UInt16.self, at: 6))))
    try takeSegments(header, scale)
    let resources = try header.little(UInt16.self, at: 0x24)
    let names = try header.little(UInt16.self, at: 0x26)
    if resources < names {
      try takeResources(
        at: start + ByteCount(UInt64(resources)), to: start + ByteCount(UInt64(names)))
    }
    let place = ByteOffset(UInt64(try header.little(UInt32.self, at: 0x2C)))
    let size = ByteCount(UInt64(try header.little(UInt16.self, at: 0x20)))
    try take(place, size)
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("exe", "NE", end: end, and: [.payloadUnchecked])
    let text = try file.readPrefix(at: place, count: min(size, 256))
    if let count = text.first, size > 0 {
      result.name = ContentText.text(text.dropFirst().prefix(Int(count)))
    }
    result.type = try header.little(UInt16.self, at: 0x0C) & 0x8000 != 0 ? "dll" : "exe"
    return result
  }

  private mutating func take(_ place: ByteOffset, _ size: ByteCount) throws {
    if size > 0 { end = max(end, try place + size) }
  }

  private mutating func takeSegments(_ header: [UInt8], _ scale: UInt64) throws {
    let count = Int(try header.little(UInt16.self, at: 0x1C))
    let table = try start + ByteCount(UInt64(header.little(UInt16.self, at: 0x22)))
    let bytes = try file.read(at: table, count: ByteCount(clamping: 8 * count))
    try take(table, ByteCount(clamping: bytes.count))
    for index in stride(from: 0, to: bytes.count, by: 8) {
      let place = UInt64(try bytes.little(UInt16.self, at: index)) &* scale
      let size = UInt64(try bytes.little(UInt16.self, at: index + 2))
      guard place > 0 else { continue }
      let stop = try ByteOffset(place) + ByteCount(size == 0 ? 0x1_0000 : size)
      end = max(end, stop)
      // Relocations of eight bytes follow the segment, behind their count.
      if try bytes.little(UInt16.self, at: index + 4) & 0x100 != 0 {
        let relocations = UInt64(try file.little(UInt16.self, at: stop))
        end = max(end, try stop + ByteCount(2 + 8 * relocations))
      }
    }
  }

  /// Kinds of resources, each with a count and that many places; a kind of 0 ends them.
  private mutating func takeResources(at table: ByteOffset, to stop: ByteOffset) throws {
    let shift = try file.little(UInt16.self, at: table)
    guard shift <= 15 else { throw Malformed("NE", "resources that cannot be", at: table) }
    let scale = UInt64(1) << UInt64(shift)
    var position = try table + 2
    while try position < stop && file.little(UInt16.self, at: position) != 0 {
      let count = Int(try file.little(UInt16.self, at: position + 2))
      let bytes = try file.read(at: position + 8, count: ByteCount(clamping: 12 * count))
      for index in stride(from: 0, to: bytes.count, by: 12) {
        let place = UInt64(try bytes.little(UInt16.self, at: index)) &* scale
        let size = UInt64(try bytes.little(UInt16.self, at: index + 2)) &* scale
        try take(ByteOffset(place), ByteCount(size))
      }
      position = try position + 8 + ByteCount(clamping: bytes.count)
    }
  }
}
