// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the load commands of a macOS program: each a kind, a size, and most a place in the
/// file.
///
/// - Source: Apple, `mach-o/loader.h`.
struct MachOWalk {
  private static let mostCommands: UInt32 = 0x1_0000
  private let file: Source
  private let isBigEndian: Bool
  private let isWide: Bool
  private var end: ByteOffset
  private var title: String?
  private var hasPlaces = false

  init(_ file: Source) throws {
    self.file = file
    let head = try file.read(at: 0, count: 4)
    isBigEndian = head[0] == 0xFE
    isWide = (isBigEndian ? head[3] : head[0]) == 0xCF
    end = isWide ? 32 : 28
  }

  /// Whether a header stands here whose fields are all in range.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    guard let mark = try? bytes.little(UInt32.self, at: 0) else { return false }
    let isBig = mark == 0xCEFA_EDFE || mark == 0xCFFA_EDFE
    guard isBig || mark == 0xFEED_FACE || mark == 0xFEED_FACF,
      let fields = try? [4, 12, 16, 20].map({ (offset: Int) throws(Truncated) -> UInt32 in
        isBig ? try bytes.big(UInt32.self, at: offset) : try bytes.little(UInt32.self, at: offset)
      })
    else { return false }
    return isProcessor(fields[0]) && (1...12).contains(fields[1]) && (1...4096).contains(fields[2])
      && fields[3] >= 8 * fields[2] && fields[3] < 0x100_0000
  }

  /// VAX to PowerPC and ARM, with 64 bits or without.
  static func isProcessor(_ number: UInt32) -> Bool {
    (1...24).contains(number & 0x00FF_FFFF) && [0, 1, 2].contains(number >> 24)
  }

  private func word(_ bytes: [UInt8], _ offset: Int) throws(Truncated) -> UInt64 {
    UInt64(
      isBigEndian
        ? try bytes.big(UInt32.self, at: offset) : try bytes.little(UInt32.self, at: offset))
  }

  private func long(_ bytes: [UInt8], _ offset: Int) throws(Truncated) -> UInt64 {
    isBigEndian ? try bytes.big(UInt64.self, at: offset) : try bytes.little(UInt64.self, at: offset)
  }

  mutating func examination() throws -> Examination {
    let head = try file.read(at: 0, count: isWide ? 32 : 28)
    let start = end
    let stop = try start + ByteCount(word(head, 20))
    end = stop
    guard stop <= file.range.upperBound else { throw Truncated() }
    var position = start
    for _ in 0..<min(try word(head, 16), UInt64(Self.mostCommands)) {
      let lead = try file.read(at: position, count: 8)
      let size = ByteCount(try word(lead, 4))
      guard size >= 8, size <= 0x10_0000, try position + size <= stop else {
        throw Malformed("Mach-O", "a load command that cannot be", at: position)
      }
      try take(UInt32(truncatingIfNeeded: word(lead, 0)), file.read(at: position, count: size))
      position = try position + size
    }
    guard hasPlaces, position == stop else {
      throw Malformed("Mach-O", "its load commands do not fill their place", at: position)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("macho", "Mach-O", end: end, and: [.payloadUnchecked])
    result.name = title
    let type = try word(head, 12)
    result.type = type == 6 || type == 9 ? "dylib" : type == 8 ? "bundle" : "macho"
    return result
  }

  private mutating func take(_ kind: UInt32, _ command: [UInt8]) throws {
    switch kind {
    case 0x01:
      try take(word(command, 32), word(command, 36))
      try takeRelocations(command, header: 56, width: 68, at: 48)
    case 0x19:
      try take(long(command, 40), long(command, 48))
      try takeRelocations(command, header: 72, width: 80, at: 56)
    case 0x02:
      try take(word(command, 8), word(command, 12) * (isWide ? 16 : 12))
      try take(word(command, 16), word(command, 20))
    case 0x0B:
      for (place, width) in [(32, 8), (40, isWide ? 56 : 52), (48, 4), (56, 4), (64, 8), (72, 8)] {
        try take(word(command, place), word(command, place + 4) * UInt64(width))
      }
    case 0x16: try take(word(command, 8), word(command, 12) * 4)
    case 0x1D, 0x1E, 0x26, 0x29, 0x2B, 0x2E, 0x36, 0x8000_0033, 0x8000_0034:
      try take(word(command, 8), word(command, 12))
    case 0x22, 0x8000_0022:
      for place in stride(from: 8, to: 48, by: 8) {
        try take(word(command, place), word(command, place + 4))
      }
    case 0x0D:
      let name = command.dropFirst(Int(min(try word(command, 8), 4096))).prefix { $0 != 0 }
      title = ContentText.text(name.split(separator: 0x2F).last ?? [])
    default: break
    }
  }

  private mutating func take(_ place: UInt64, _ size: UInt64) throws {
    guard size > 0, place > 0 || size > 28 else { return }
    hasPlaces = true
    end = max(end, try ByteOffset(place) + ByteCount(size))
  }

  /// The relocations of a segment's sections, of eight bytes.
  private mutating func takeRelocations(
    _ command: [UInt8], header: Int, width: Int, at place: Int
  ) throws {
    for index in stride(from: header, through: command.count - width, by: width) {
      let relocations = try word(command, index + place)
      if relocations > 0 { try take(relocations, word(command, index + place + 4) * 8) }
    }
  }
}
