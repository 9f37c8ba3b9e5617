// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Windows event log since Vista: a header of 4096 bytes, then chunks of 65,536.
  ///
  /// | Offset | Size | Field           | Unit                             |
  /// |-------:|-----:|-----------------|----------------------------------|
  /// |   0x00 |    8 | "ElfFile" NUL   |                                  |
  /// |   0x28 |    2 | header block    | bytes: 4096                      |
  /// |   0x2A |    2 | chunks          |                                  |
  /// |   0x78 |    4 | flags           | 1: was not closed                |
  /// |   0x7C |    4 | checksum        | CRC-32 of the first 120 bytes    |
  ///
  /// - Source: J. Metz, *Windows XML Event Log (EVTX) format*, "File header", "Chunk".
  package static let eventLog = FileFormat(
    id: "evtx", name: "Windows event log", category: .system, validation: .checksums,
    signatures: [Signature("ElfFile\0")], maximumSize: 0x2_0000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: 128)).flatMap { try? EventLogHead($0) } != nil
    }
  ) { file in
    try Examination.walk("evtx", file) { try EventLogWalk(file).examination() }
  }
}

/// The first 128 bytes of an event log, whose checksum holds.
private struct EventLogHead {
  let chunks: Int
  /// Whether it was not closed, so that what was written last may not be summed up yet.
  let isOpen: Bool

  init(_ bytes: [UInt8]) throws {
    var crc = CRC32(.iso)
    crc.update(try bytes.copy(at: 0, count: 120))
    guard bytes.holds(Array("ElfFile\0".utf8), at: 0), bytes.holds([0x00, 0x10], at: 0x28),
      try bytes.little(UInt32.self, at: 0x7C) == crc.value
    else { throw Malformed("event log", "its header is wrong") }
    chunks = Int(try bytes.little(UInt16.self, at: 0x2A))
    isOpen = try bytes.little(UInt32.self, at: 0x78) & 1 != 0
  }
}

/// The walk over the chunks of an event log.
private struct EventLogWalk {
  private static let headerSize: ByteOffset = 4096
  private static let chunkSize: ByteCount = 0x1_0000
  private static let mostChunks = 0x1_0000
  /// A log starts with one chunk, and grows by so many.
  private static let growth = 16
  private let file: Source
  private var position = Self.headerSize
  private var isProven = true
  /// Whether there is room for a foreign block that no checksum would tell.
  private var hasRoom = false
  private var sums: UInt64 = 1
  private var date: Timestamp?

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var walk = self
    let head = try EventLogHead(file.read(at: 0, count: 128))
    var chunks = 0
    while chunks < Self.mostChunks {
      // A log that was not closed may have more chunks than its header knows.
      if chunks >= head.chunks, try !walk.isAtChunk() { break }
      try walk.takeChunk(isOpen: head.isOpen)
      chunks += 1
    }
    let used = walk.position
    let isExtended = try walk.takeReserve(behind: chunks)
    var evidence: [Evidence] =
      walk.isProven ? [.checksumsHold(count: walk.sums, kind: "CRC-32")] : []
    if walk.hasRoom { evidence.append(.payloadUnchecked) }
    if isExtended { evidence.append(.endReasoned) }
    guard used > Self.headerSize || head.chunks == 0 else {
      throw Malformed("event log", "it holds no chunk", at: used)
    }
    var result = Examination.whole("evtx", "event log", end: walk.position, and: evidence)
    result.date = walk.date
    return result
  }

  private func isAtChunk() throws -> Bool {
    guard let end = try? position + Self.chunkSize, end <= file.range.upperBound else {
      return false
    }
    let bytes = try file.read(at: position, count: Self.chunkSize)
    return (try? EventLogChunk(bytes, at: position)) != nil
  }

  private mutating func takeChunk(isOpen: Bool) throws {
    let bytes = try file.read(at: position, count: Self.chunkSize)
    // Room that was never written to.
    if bytes.allSatisfy({ $0 == 0 }) {
      isProven = false
      hasRoom = true
    } else {
      let chunk = try EventLogChunk(bytes, at: position)
      guard chunk.isProven || isOpen else {
        throw Malformed("event log", "the checksum of a chunk is wrong", at: position)
      }
      sums &+= 2
      isProven = isProven && chunk.isProven
      hasRoom = hasRoom || chunk.hasRemains
      if let last = chunk.lastWritten { date = max(date ?? last, last) }
    }
    position = try position + Self.chunkSize
  }

  /// Zeros up to where the log would grow next are its own.
  private mutating func takeReserve(behind chunks: Int) throws -> Bool {
    guard chunks > 1 else { return false }
    let rest = (Self.growth - (chunks - 1) % Self.growth) % Self.growth
    let end = try position + Self.chunkSize * UInt64(rest)
    guard rest > 0, end <= file.range.upperBound, try file.isZero(position..<end) else {
      return false
    }
    position = end
    return true
  }
}

extension Source {
  /// Whether a range holds zeros alone; reads no further than the first other byte's piece.
  func isZero(_ range: Range<ByteOffset>) throws -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      let next = min(position.advancedClamped(by: 0x1_0000), range.upperBound)
      guard try read(at: position, count: (position..<next).length).allSatisfy({ $0 == 0 }) else {
        return false
      }
      position = next
    }
    return true
  }
}
