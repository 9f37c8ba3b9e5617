// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows event log before Vista: a header, then records, which may go round, and a record that
  /// says where the last one ends.
  ///
  /// | Offset | Size | Field          | Unit           |
  /// |-------:|-----:|----------------|----------------|
  /// |   0x00 |    8 | size, "LfLe"   | 48             |
  /// |   0x08 |    8 | version        | 1, 1           |
  /// |   0x10 |    4 | oldest record  | offset         |
  /// |   0x14 |    4 | end record     | offset         |
  /// |   0x20 |    4 | largest size   | bytes          |
  /// |   0x2C |    4 | size           | 48             |
  ///
  /// - Source: Microsoft, *Event Log File Format*, `ELF_LOGFILE_HEADER` and `EVENTLOGRECORD`.
  package static let oldEventLog = FileFormat(
    id: "evt", name: "Windows event log (old)", category: .system, validation: .structure,
    signatures: [
      Signature([0x30, 0, 0, 0, 0x4C, 0x66, 0x4C, 0x65, 1, 0, 0, 0, 1, 0, 0, 0])
    ],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in bytes.holds([0x30, 0, 0, 0], at: 0x2C) }
  ) { file in
    try Examination.walk("evt", file) { try OldEventLogWalk(file).examination() }
  }
}

/// The walk over the records of an old event log.
private struct OldEventLogWalk {
  private static let header: ByteOffset = 0x30
  private static let mark: [UInt8] = [0x4C, 0x66, 0x4C, 0x65]
  private static let endRecord: [UInt8] = [
    0x28, 0, 0, 0, 0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0x33, 0x33, 0x33, 0x33, 0x44,
    0x44, 0x44, 0x44,
  ]
  private static let endRecordSize: ByteCount = 0x28
  private static let mostRecords = 20_000_000
  /// A log in use grows by so many bytes.
  private static let growth: UInt64 = 0x1_0000
  private let file: Source
  private var window: Window
  private var date: Timestamp?

  init(_ file: Source) {
    self.file = file
    window = Window(file)
  }

  func examination() throws -> Examination {
    var walk = self
    let oldest = ByteOffset(UInt64(try file.little(UInt32.self, at: 0x10)))
    guard oldest >= Self.header else {
      throw Malformed("event log", "its oldest record is nowhere", at: 0x10)
    }
    var position = oldest
    for _ in 0..<Self.mostRecords {
      if try walk.window.holds(Self.endRecord, at: position) {
        return try walk.finish(after: position + Self.endRecordSize)
      }
      // Behind the last record that fits, the log goes on at its start.
      guard let next = try walk.recordEnd(at: position) else {
        return try walk.finishRound(from: oldest, to: position)
      }
      position = next
    }
    throw Malformed("event log", "there are too many records", at: position)
  }

  /// Reads a record: u32 size, "LfLe", number, u32 time; its size again at its end.
  /// Nil where none stands.
  private mutating func recordEnd(at position: ByteOffset) throws -> ByteOffset? {
    let size = try window.little(UInt32.self, at: position)
    guard try window.holds(Self.mark, at: position + 4), size >= 56, size % 4 == 0,
      size <= 0x4_0000
    else { return nil }
    let end = try position + ByteCount(UInt64(size))
    guard try window.little(UInt32.self, at: ByteOffset(end.rawValue &- 4)) == size else {
      return nil
    }
    date = Timestamp(seconds: Int64(try window.little(UInt32.self, at: position + 12)))
    return end
  }

  /// Whether the log is one in use, not a saved one: those may become as large as their own content.
  private var isInUse: Bool {
    get throws {
      let most = UInt64(try file.little(UInt32.self, at: 0x20))
      return most > 0 && most % Self.growth == 0
    }
  }

  /// A saved log ends with its last record; one in use has room behind it.
  private func finish(after end: ByteOffset) throws -> Examination {
    guard end <= file.range.upperBound else { throw Truncated() }
    guard try isInUse else { return result(end: end, evidence: []) }
    let reserve = try Self.grown(end)
    let hasRoom = try reserve <= file.range.upperBound && file.isZero(end..<reserve)
    return result(end: hasRoom ? reserve : end, evidence: [.endReasoned])
  }

  /// A log whose newest records stand before its oldest one is as large as it may become.
  private mutating func finishRound(
    from oldest: ByteOffset, to position: ByteOffset
  ) throws -> Examination {
    let last = ByteOffset(UInt64(try file.little(UInt32.self, at: 0x14)))
    let end = try Self.grown(position)
    guard try isInUse, position > oldest, last < oldest,
      try window.holds(Self.endRecord, at: last)
    else { throw Malformed("event log", "no record starts here", at: position) }
    guard end <= file.range.upperBound else { throw Truncated() }
    return result(end: end, evidence: [.endReasoned])
  }

  private static func grown(_ end: ByteOffset) throws -> ByteOffset {
    try end + ByteCount((growth - end.rawValue % growth) % growth)
  }

  private func result(end: ByteOffset, evidence: [Evidence]) -> Examination {
    var result = Examination.whole("evt", "event log", end: end, and: evidence)
    result.date = date
    return result
  }
}
