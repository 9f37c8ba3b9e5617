// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// The walk over the blocks of a RAR archive from version 5 on. Numbers have seven bits a byte.
///
///     block: u32 CRC-32 of what follows; size of the header from here on; type; flags
///            (1 extra area, 2 data, 8 and 16 goes on in another volume); [extra size]; [data size]
///     file:  flags (2 time, 4 CRC-32); size; attributes; [u32 time]; [u32 CRC-32]; method (7-9)
///     end:   flags (1 another volume follows)
///
/// - Source: RARLAB, *RAR 5.0 archive format*, "General archive structure".
struct RAR5Walk {
  private enum Kind {
    static let main: UInt64 = 1
    static let file: UInt64 = 2
    static let encryption: UInt64 = 4
    static let end: UInt64 = 5
  }

  private static let mostBlocks = 4_000_000
  private static let mostHeader: UInt64 = 0x20_0000
  /// More zeros than these do not fill a volume.
  private static let mostFill: ByteCount = 16
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 8
  private var proof = RARProof()
  /// Whether another volume follows.
  private var goesOn = false

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    for index in 0..<Self.mostBlocks {
      let type = try walk.block(isFirst: index == 0)
      // An initial vector of 16 bytes, then a header of whole cipher blocks.
      if type == Kind.encryption {
        return try RARCipher(file, from: walk.position, unit: 16).examination()
      }
      if type == Kind.end { return try walk.complete() }
    }
    throw Malformed("RAR", "there are too many blocks", at: position)
  }

  /// A volume that another follows is filled with zeros up to the size that was asked for.
  private func complete() throws -> Examination {
    let filled = goesOn ? try filledEnd() : nil
    return .whole(
      "rar", "RAR", end: filled ?? position,
      and: proof.evidence + (filled == nil ? [] : [.endReasoned]))
  }

  /// Where a few zeros behind the last block lead to a whole number of kilobytes of either kind.
  private func filledEnd() throws -> ByteOffset? {
    for unit: UInt64 in [1024, 1000] {
      let fill = ByteCount((unit &- position.rawValue % unit) % unit)
      guard fill > 0, fill < Self.mostFill, try position + fill <= file.range.upperBound
      else { continue }
      if try file.read(at: position, count: fill).allSatisfy({ $0 == 0 }) {
        return try position + fill
      }
    }
    return nil
  }

  /// Reads a block and leaps over its data; its type.
  private mutating func block(isFirst: Bool) throws -> UInt64 {
    let start = position
    let stated = try window.little(UInt32.self, at: start)
    var sizeFields = NumberReader(try prefix(at: start + 4, count: 3))
    guard let size = try? sizeFields.next(), (1...Self.mostHeader).contains(size) else {
      guard try start + 7 <= file.range.upperBound else { throw Truncated() }
      throw Malformed("RAR", "no block starts here", at: start)
    }
    let length = sizeFields.position + Int(clamping: size)
    let header = try window.copy(at: start + 4, count: length)
    var crc = CRC32(.iso)
    crc.update(header)
    guard crc.value == stated else {
      throw Malformed("RAR", "the checksum of a block's header is wrong", at: start)
    }
    var fields = NumberReader(header, at: sizeFields.position)
    let type = try fields.next()
    let flags = try fields.next()
    guard isFirst == (type == Kind.main || type == Kind.encryption) else {
      throw Malformed("RAR", "a block where none may be", at: start)
    }
    let extra = flags & 1 != 0 ? try fields.next() : 0
    let data = flags & 2 != 0 ? try fields.next() : 0
    let begin = try start + 4 + ByteCount(clamping: length)
    let end = try begin + ByteCount(data)
    guard end <= file.range.upperBound else { throw Truncated() }
    if type == Kind.file || data > 0x1_0000 {
      let isWhole = type == Kind.file && flags & 0x18 == 0
      let isStored = try isWhole && isProven(&fields, extra: extra, in: header, data: begin..<end)
      if type != Kind.file || data > 0 { proof.count(isProven: isStored) }
    }
    if type == Kind.end { goesOn = try fields.next() & 1 != 0 }
    position = end
    return type
  }

  private mutating func prefix(at offset: ByteOffset, count: Int) throws -> [UInt8] {
    let most = Int(
      clamping: (min(offset, file.range.upperBound)..<file.range.upperBound).length.rawValue)
    return try window.copy(at: offset, count: min(count, most))
  }

  /// Whether the CRC-32 of a member that is stored as it is holds; false where it is packed or
  /// encrypted, or has none.
  private func isProven(
    _ fields: inout NumberReader, extra: UInt64, in header: [UInt8], data: Range<ByteOffset>
  ) throws -> Bool {
    let flags = try fields.next()
    _ = try fields.next()
    _ = try fields.next()
    if flags & 2 != 0 { _ = try fields.word() }
    let crc = flags & 4 != 0 ? try fields.word() : nil
    let method = try fields.next() >> 7 & 7
    guard let crc, method == 0, !isEncrypted(extra: extra, in: header) else { return false }
    guard try file.crc32(of: data) == crc else {
      throw Malformed("RAR", "the checksum of a member is wrong", at: data.lowerBound)
    }
    return true
  }

  /// Whether the extra area, the last part of a header, has a record of encryption (type 1).
  private func isEncrypted(extra: UInt64, in header: [UInt8]) -> Bool {
    guard extra <= UInt64(clamping: header.count) else { return true }
    var reader = NumberReader(header, at: header.count - Int(clamping: extra))
    while reader.position < header.count {
      guard let size = try? reader.next() else { return true }
      let end = reader.position.addingReportingOverflow(Int(clamping: size))
      guard !end.overflow, let type = try? reader.next(), type != 1 else { return true }
      guard end.partialValue > reader.position - 2 else { return true }
      reader.position = max(reader.position, end.partialValue)
    }
    return false
  }
}

/// Reads numbers of seven bits a byte, the lowest first.
private struct NumberReader {
  private let bytes: [UInt8]
  var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  mutating func next() throws -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<10 {
      let byte = try bytes.little(UInt8.self, at: position)
      position += 1
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte & 0x80 == 0 { return value }
    }
    throw Malformed("RAR", "a number that does not end")
  }

  mutating func word() throws -> UInt32 {
    defer { position += 4 }
    return try bytes.little(at: position)
  }
}
