// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows minidump: a directory of streams, which point at more: memory, contexts, names.
  ///
  /// | Offset | Size | Field            | Unit                       |
  /// |-------:|-----:|------------------|----------------------------|
  /// |   0x00 |    6 | "MDMP", version  | 93 A7                      |
  /// |   0x08 |    4 | streams          |                            |
  /// |   0x0C |    4 | directory        | offset                     |
  /// |   0x14 |    4 | time             | seconds since 1970         |
  ///
  /// - Source: Microsoft, *minidumpapiset.h*, `MINIDUMP_HEADER` and the structures it names.
  package static let minidump = FileFormat(
    id: "dmp", name: "Windows minidump", category: .system, extensions: ["dmp", "mdmp"],
    validation: .size,
    signatures: [Signature([0x4D, 0x44, 0x4D, 0x50, 0x93, 0xA7])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let streams = try? bytes.little(UInt32.self, at: 8),
        let directory = try? bytes.little(UInt32.self, at: 12)
      else { return false }
      return (1...256).contains(streams) && (32...0x100_0000).contains(directory)
    }
  ) { file in
    try Examination.walk("dmp", file) { try MinidumpWalk(file).examination() }
  }
}

/// The walk over the streams of a minidump, for the end of what they point at.
private struct MinidumpWalk {
  private enum Kind {
    static let threads: UInt32 = 3
    static let modules: UInt32 = 4
    static let memory: UInt32 = 5
    static let exception: UInt32 = 6
    static let system: UInt32 = 7
    static let longMemory: UInt32 = 9
  }

  private static let mostStreams: UInt32 = 256
  /// Of all lists together, for those whose entries point elsewhere.
  private static let mostEntries: UInt64 = 200_000
  private static let mostRanges: UInt64 = 20_000_000
  private let file: Source
  private var window: Window
  private var reach: ByteOffset = 0
  private var entriesLeft = Self.mostEntries
  private var hasLongMemory = false

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    let count = min(try file.little(UInt32.self, at: 8), Self.mostStreams)
    let directory = ByteOffset(UInt64(try file.little(UInt32.self, at: 12)))
    let size = ByteCount(UInt64(count) * 12)
    try walk.reach(directory, size)
    let entries = try file.read(at: directory, count: size)
    var hasSystem = false
    for index in 0..<Int(count) {
      let kind = try entries.little(UInt32.self, at: index * 12)
      let size = try entries.little(UInt32.self, at: index * 12 + 4)
      let start = ByteOffset(UInt64(try entries.little(UInt32.self, at: index * 12 + 8)))
      if kind == 0 { continue }
      try walk.reach(start, ByteCount(UInt64(size)))
      try walk.follow(kind, at: start)
      hasSystem = hasSystem || kind == Kind.system
    }
    guard hasSystem else { throw Malformed("minidump", "it does not name its system", at: 32) }
    guard walk.reach <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("dmp", "minidump", end: walk.reach, and: [.payloadUnchecked])
    result.date = Timestamp(seconds: Int64(try file.little(UInt32.self, at: 0x14)))
    return result
  }

  private mutating func reach(_ start: ByteOffset, _ size: ByteCount) throws {
    if size > 0 { reach = max(reach, try start + size) }
  }

  /// A size and an offset.
  private mutating func reachLocation(at field: ByteOffset) throws {
    let size = try window.little(UInt32.self, at: field)
    let start = try window.little(UInt32.self, at: field + 4)
    try reach(ByteOffset(UInt64(start)), ByteCount(UInt64(size)))
  }

  /// A size in bytes, then text, then a NUL of two.
  private mutating func reachText(at field: ByteOffset) throws {
    let start = ByteOffset(UInt64(try window.little(UInt32.self, at: field)))
    guard start > 0 else { return }
    let size = try window.little(UInt32.self, at: start)
    guard size <= 0x1_0000 else { throw Malformed("minidump", "a name is too long", at: start) }
    try reach(start, ByteCount(UInt64(size) + 6))
  }

  private mutating func follow(_ kind: UInt32, at start: ByteOffset) throws {
    switch kind {
    case Kind.threads:
      try entries(at: start, size: 48) { walk, entry in
        try walk.reachLocation(at: entry + 32)
        try walk.reachLocation(at: entry + 40)
      }
    case Kind.modules:
      try entries(at: start, size: 108) { walk, entry in
        try walk.reachText(at: entry + 20)
        try walk.reachLocation(at: entry + 76)
        try walk.reachLocation(at: entry + 84)
      }
    case Kind.memory:
      try entries(at: start, size: 16) { walk, entry in try walk.reachLocation(at: entry + 8) }
    case Kind.exception: try reachLocation(at: start + 160)
    case Kind.system: try reachText(at: start + 24)
    case Kind.longMemory: try followLongMemory(at: start)
    default: break
    }
  }

  private mutating func entries(
    at start: ByteOffset, size: UInt64,
    _ body: (inout MinidumpWalk, ByteOffset) throws -> Void
  ) throws {
    let count = UInt64(try window.little(UInt32.self, at: start))
    guard count <= entriesLeft else {
      throw Malformed("minidump", "a list is too long", at: start)
    }
    entriesLeft -= count
    for index in 0..<count { try body(&self, start + 4 + ByteCount(index * size)) }
  }

  /// A count and the offset of all memory, then an address and a size for each range of it.
  private mutating func followLongMemory(at start: ByteOffset) throws {
    let count = try window.little(UInt64.self, at: start)
    guard count <= Self.mostRanges, !hasLongMemory else {
      throw Malformed("minidump", "a list is too long", at: start)
    }
    hasLongMemory = true
    var end = ByteOffset(try window.little(UInt64.self, at: start + 8))
    for index in 0..<count {
      let size = try window.little(UInt64.self, at: start + 24 + ByteCount(index * 16))
      end = try end + ByteCount(size)
    }
    reach = max(reach, end)
  }
}
