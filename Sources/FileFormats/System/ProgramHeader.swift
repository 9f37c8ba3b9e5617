// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The header that every program of DOS and Windows starts with, and the choice by what it leads to.
struct ProgramHeader {
  private static let newHeader = 0x3C
  private static let longestStub: UInt32 = 0x1_0000

  private let file: Source

  init(_ file: Source) { self.file = file }

  /// Whether a new header stands where the old one says, or the old one is sound by itself.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    guard let offset = try? bytes.little(UInt32.self, at: newHeader) else { return false }
    let start = Int(min(offset, longestStub))
    guard bytes.holds([0x50, 0x45, 0, 0], at: start) else { return isSound(bytes) }
    // Tiny programs have little of the old header, but these agree.
    guard let size = try? bytes.little(UInt16.self, at: start + 20),
      let sections = try? bytes.little(UInt16.self, at: start + 6)
    else { return true }
    return size <= 0x400 && sections <= 0x400
  }

  /// Whether the fields of the old header agree with each other.
  private static func isSound(_ bytes: RawSpan) -> Bool {
    guard let last = try? bytes.little(UInt16.self, at: 2),
      let pages = try? bytes.little(UInt16.self, at: 4),
      let count = try? bytes.little(UInt16.self, at: 6),
      let paragraphs = try? bytes.little(UInt16.self, at: 8),
      let least = try? bytes.little(UInt16.self, at: 10),
      let most = try? bytes.little(UInt16.self, at: 12),
      let table = try? bytes.little(UInt16.self, at: 0x18)
    else { return false }
    let header = 16 * UInt32(paragraphs)
    return last < 512 && pages > 0 && least <= most && header >= 32 && header <= 0x1_0000
      && header <= 512 * UInt32(pages) && (count == 0 || table >= 0x1C)
      && UInt32(table) + 4 * UInt32(count) <= header
  }

  func examination() throws -> Examination {
    let head = try file.readPrefix(at: 0, count: 0x40)
    if head.count == 0x40 {
      let start = ByteOffset(UInt64(try head.little(UInt32.self, at: Self.newHeader)))
      let mark = try file.readPrefix(at: start, count: 4)
      if mark == [0x50, 0x45, 0, 0] {
        return try Examination.walk("exe", file) {
          var program = try PEProgram(file, at: start)
          return try program.examination()
        }
      }
      if mark.starts(with: Array("NE".utf8)) {
        return try Examination.walk("exe", file) {
          var program = NEProgram(file, at: start)
          return try program.examination()
        }
      }
      if mark.starts(with: Array("LE".utf8)) || mark.starts(with: Array("LX".utf8)) {
        return try Examination.walk("exe", file) {
          var program = LEProgram(file, at: start)
          return try program.examination()
        }
      }
    }
    return try old()
  }

  /// A program of DOS alone: its load module, of which the header states the size. What may follow it,
  /// overlays and a debugger's tables, has no length.
  private func old() throws -> Examination {
    let head = try file.read(at: 0, count: 0x1C)
    let relocations = try ByteOffset(UInt64(head.little(UInt16.self, at: 0x18)))
    guard head.withSpan({ Self.isSound($0) }) else {
      throw Malformed("MZ", "a header that contradicts itself")
    }
    let last = UInt64(try head.little(UInt16.self, at: 2))
    let pages = UInt64(try head.little(UInt16.self, at: 4))
    let end = ByteOffset(512 * pages - (last == 0 ? 0 : 512 - last))
    let header = 16 * UInt64(try head.little(UInt16.self, at: 8))
    guard end.rawValue > header else { throw Malformed("MZ", "a program without code") }
    let places = try file.read(
      at: relocations, count: ByteCount(UInt64(head.little(UInt16.self, at: 6)) * 4))
    for index in stride(from: 0, to: places.count, by: 4) {
      let place =
        try 16 * UInt64(places.little(UInt16.self, at: index + 2))
        + UInt64(places.little(UInt16.self, at: index))
      guard header + place + 2 <= end.rawValue else {
        throw Malformed("MZ", "a relocation lies outside the program")
      }
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    return .complete(
      at: end, evidence: [.headerMatched("exe"), .payloadUnchecked, .endReasoned])
  }
}
