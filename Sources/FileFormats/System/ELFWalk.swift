// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the tables of a Unix program.
///
/// | Offset  | Size | Field    | Unit                                       |
/// |--------:|-----:|----------|--------------------------------------------|
/// | 1C / 20 |  4/8 | segments | offset of their table                      |
/// | 20 / 28 |  4/8 | sections | offset of their table                      |
/// | 2A / 36 |    4 | segments | bytes of each, count                       |
/// | 2E / 3A |    4 | sections | bytes of each, count, or 0: in the first   |
/// | 32 / 3E |    2 | names    | number of the section that holds them      |
///
/// A segment: type, place and size in the file; a section: name, type, flags, place, size.
///
/// - Source: *System V Application Binary Interface*, ch. 4 "Sections", ch. 5 "Program Header";
///   Linux, *Kernel module signing facility*, for the signature behind a module.
struct ELFWalk {
  private static let mostSections: UInt64 = 0x40_0000
  private static let noBits: UInt64 = 8
  private static let dynamicTable: UInt64 = 6
  private static let executable: UInt64 = 4
  private static let soname: UInt64 = 14
  private static let mark = Array("~Module signature appended~\n".utf8)

  private struct Section {
    let type: UInt64
    let place: ByteOffset
    let size: ByteCount
    let link: Int
  }

  private let file: Source
  private let header: [UInt8]
  private let isWide: Bool
  private let isBigEndian: Bool
  private var end: ByteOffset
  private var sections: [Section] = []
  /// Whether it holds no code but only what a debugger needs: its segments are then elsewhere.
  private var isStub = false

  init(_ file: Source) throws {
    self.file = file
    let head = try file.read(at: 0, count: 16)
    isWide = head[4] == 2
    isBigEndian = head[5] == 2
    header = try file.read(at: 0, count: isWide ? 64 : 52)
    end = ByteOffset(UInt64(isWide ? 64 : 52))
  }

  mutating func examination() throws -> Examination {
    try takeSections()
    try takeSegments()
    guard end <= file.range.upperBound else { throw Truncated() }
    guard end.rawValue > UInt64(isWide ? 64 : 52) else {
      throw Malformed("ELF", "neither segments nor sections", at: 0)
    }
    try takeSignature()
    let carries = try takeImage()
    var result = Examination.whole(
      "elf", "ELF", end: end, and: [.payloadUnchecked] + (carries ? [.endReasoned] : []))
    result.name = try name()
    result.type = try type()
    return result
  }

  private func type() throws -> String {
    switch try half(header, 16) {
    case 1: "o"
    case 3 where try half(header, isWide ? 56 : 44) > 0 && name() != nil: "so"
    default: "elf"
    }
  }

  private func half(_ bytes: [UInt8], _ offset: Int) throws(Truncated) -> UInt64 {
    UInt64(
      isBigEndian
        ? try bytes.big(UInt16.self, at: offset) : try bytes.little(UInt16.self, at: offset))
  }

  private func word(_ bytes: [UInt8], _ offset: Int) throws(Truncated) -> UInt64 {
    UInt64(
      isBigEndian
        ? try bytes.big(UInt32.self, at: offset) : try bytes.little(UInt32.self, at: offset))
  }

  /// A number of 32 or 64 bits, as the class has it.
  private func number(_ bytes: [UInt8], _ narrow: Int, _ wide: Int) throws(Truncated) -> UInt64 {
    guard isWide else { return try word(bytes, narrow) }
    return isBigEndian
      ? try bytes.big(UInt64.self, at: wide) : try bytes.little(UInt64.self, at: wide)
  }

  private mutating func takeSections() throws {
    let table = ByteOffset(try number(header, 0x20, 0x28))
    guard table > 0 else { return }
    let width = UInt64(isWide ? 64 : 40)
    guard try half(header, isWide ? 0x3A : 0x2E) == width else {
      throw Malformed("ELF", "sections of an odd size", at: 0)
    }
    var count = try half(header, isWide ? 0x3C : 0x30)
    if count == 0 {
      // More than 16 bits count stand in the first.
      count = try number(file.read(at: table, count: ByteCount(width)), 20, 32)
    }
    guard count <= Self.mostSections else {
      throw Malformed("ELF", "there are too many sections", at: 0)
    }
    let stop = try table + ByteCount(count * width)
    guard stop <= file.range.upperBound else { throw Truncated() }
    end = max(end, stop)
    var window = Window(file, span: 0x1_0000)
    for index in 0..<count {
      let place = table.advancedClamped(by: ByteCount(index * width))
      try take(section: window.copy(at: place, count: Int(width)), isFirst: index == 0)
    }
  }

  private mutating func take(section bytes: [UInt8], isFirst: Bool) throws {
    let type = try word(bytes, 4)
    guard !isFirst || type == 0 else {
      throw Malformed("ELF", "a first section that is not empty", at: 0)
    }
    let section = Section(
      type: type, place: ByteOffset(try number(bytes, 16, 24)),
      size: ByteCount(try number(bytes, 20, 32)), link: Int(try word(bytes, isWide ? 40 : 24)))
    if sections.count < 0x1_0000 { sections.append(section) }
    if type == Self.noBits, try number(bytes, 8, 8) & Self.executable != 0 { isStub = true }
    guard type != 0, type != Self.noBits, section.size > 0 else { return }
    end = max(end, try section.place + section.size)
  }

  private mutating func takeSegments() throws {
    let table = ByteOffset(try number(header, 0x1C, 0x20))
    let count = try half(header, isWide ? 0x38 : 0x2C)
    let width = UInt64(isWide ? 56 : 32)
    guard table > 0, count > 0, try half(header, isWide ? 0x36 : 0x2A) == width else { return }
    let bytes = try file.read(at: table, count: ByteCount(count * width))
    end = max(end, try table + ByteCount(clamping: bytes.count))
    guard !isStub else { return }
    for index in stride(from: 0, to: bytes.count, by: Int(width)) {
      let segment = try bytes.copy(at: index, count: Int(width))
      let place = ByteOffset(try number(segment, 4, 8))
      let size = ByteCount(try number(segment, 16, 32))
      if size > 0 { end = max(end, try place + size) }
    }
  }

  /// A kernel module's signature: its bytes, a record of twelve that ends with their count, a mark.
  private mutating func takeSignature() throws {
    let head = try file.readPrefix(at: end, count: 4)
    guard head.holds([0x30, 0x82], at: 0) else { return }
    let length = try UInt64(head.big(UInt16.self, at: 2)) + 4
    let record = try end + ByteCount(length)
    let tail = try file.readPrefix(at: record, count: ByteCount(clamping: 12 + Self.mark.count))
    guard tail.holds(Self.mark, at: 12), try tail.big(UInt32.self, at: 8) == length else { return }
    end = try record + ByteCount(clamping: tail.count)
  }

  /// The file system that an AppImage carries: it states its size, which writers round up to 4 KiB.
  private mutating func takeImage() throws -> Bool {
    let head = try file.readPrefix(at: end, count: 48)
    guard head.holds(Array("hsqs".utf8), at: 0), try head.little(UInt16.self, at: 28) == 4 else {
      return false
    }
    let size = try head.little(UInt64.self, at: 40)
    let padded = size.addingReportingOverflow(4095).partialValue & ~4095
    let stop = try end + ByteCount(padded)
    let padding = try file.readPrefix(
      at: end + ByteCount(size), count: ByteCount(padded &- min(size, padded)))
    guard try end + ByteCount(size) <= file.range.upperBound else { throw Truncated() }
    let isPadded = stop <= file.range.upperBound && padding.allSatisfy { $0 == 0 }
    end = isPadded ? stop : try end + ByteCount(size)
    return true
  }

  /// The name that a library has for the loader.
  private func name() throws -> String? {
    guard let table = sections.first(where: { $0.type == Self.dynamicTable }),
      table.link < sections.count
    else { return nil }
    let bytes = try file.readPrefix(at: table.place, count: min(table.size, 0x1_0000))
    let width = isWide ? 16 : 8
    for index in stride(from: 0, to: bytes.count - bytes.count % width, by: width) {
      let entry = try bytes.copy(at: index, count: width)
      guard try number(entry, 0, 0) == Self.soname else { continue }
      let place = sections[table.link].place.advancedClamped(
        by: ByteCount(try number(entry, 4, 8)))
      return ContentText.text(try file.readPrefix(at: place, count: 256))
    }
    return nil
  }
}
