// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The jbd2 journal: copies of metadata blocks as they were at the end of each transaction. What was
/// replayed long ago stays until it is written over, so the log is also a history.
///
/// - Source: Linux, Documentation/filesystems/ext4/journal.rst, and the tag sizes of jbd2's
///   `journal_tag_bytes`.
struct Journal: Sendable {
  /// One copy of a block of the volume.
  struct Copy: Sendable {
    let transaction: UInt32
    /// The block of the journal that holds it.
    let index: UInt64
    /// The copy began with the journal's own magic number, and stands there with zeros instead.
    let isEscaped: Bool
  }

  static let magic: [UInt8] = [0xC0, 0x3B, 0x39, 0x98]
  /// ext4 numbers its blocks with 48 bits.
  private static let mostBlocks: UInt64 = 1 << 48

  private let source: Source
  private let blockSize: UInt64
  /// Copies of each block, the newest transaction first.
  private(set) var copies: [UInt64: [Copy]] = [:]
  /// The newest committed copies that were not yet written to their places.
  private(set) var pending: [UInt64: Copy] = [:]

  /// The journal's superblock.
  ///
  ///     0x00  u32  0xC03B3998   0x04  u32  3 or 4 (kind)     0x0C  u32  block size
  ///     0x10  u32  blocks       0x14  u32  first log block   0x18  u32  first transaction to replay
  ///     0x1C  u32  its block (0: nothing to replay)          0x28  u32  incompatible features
  ///     0x30  16   UUID
  private struct Header {
    let count: UInt64
    let first: UInt64
    let sequence: UInt32
    let start: UInt64
    let isWide: Bool
    let checksums: Int
    let seed: UInt32

    init?(_ bytes: [UInt8], blockSize: UInt64, length: UInt64) throws {
      guard bytes.holds(Journal.magic, at: 0),
        [3, 4].contains(try bytes.big(UInt32.self, at: 4)),
        UInt64(try bytes.big(UInt32.self, at: 12)) == blockSize
      else { return nil }
      count = min(UInt64(try bytes.big(UInt32.self, at: 16)), length)
      first = UInt64(try bytes.big(UInt32.self, at: 20))
      sequence = try bytes.big(UInt32.self, at: 24)
      start = UInt64(try bytes.big(UInt32.self, at: 28))
      let features = try bytes.big(UInt32.self, at: 40)
      isWide = features & 2 != 0
      checksums = features & 16 != 0 ? 3 : features & 8 != 0 ? 2 : 0
      seed = ExtChecksum.crc(0xFFFF_FFFF, try bytes.copy(at: 48, count: 16))
      guard first >= 1, first < count else { return nil }
    }
  }

  /// Whether a source begins as a journal does, as far as one block tells.
  static func begins(_ source: Source, blockSize: UInt64) -> Bool {
    let length = source.length.rawValue / blockSize
    guard length >= 2, let block = try? source.read(at: 0, count: ByteCount(blockSize)) else {
      return false
    }
    return (try? Header(block, blockSize: blockSize, length: length)) != nil
  }

  /// Reads all descriptor blocks of the log; nil where it is none.
  ///
  /// - Parameter source: the journal's blocks, in order.
  init?(_ source: Source, blockSize: UInt64) throws {
    self.source = source
    self.blockSize = blockSize
    let length = source.length.rawValue / blockSize
    guard length >= 2,
      let header = try Header(
        source.read(at: 0, count: ByteCount(blockSize)), blockSize: blockSize, length: length)
    else { return nil }
    // Descriptors overlap where a later one covers an older one's copies, but not forever.
    var budget = 16 * header.count
    for index in header.first..<header.count {
      guard let block = try? self.block(index), block.holds(Self.magic, at: 0),
        (try? block.big(UInt32.self, at: 4)) == 1
      else { continue }
      guard budget > 0 else { break }
      let (tags, count) = tags(of: block, at: index, header)
      budget -= min(budget, count)
      for (number, copy) in tags { copies[number, default: []].append(copy) }
    }
    for number in copies.keys {
      copies[number]?.sort { ($0.transaction, $0.index) > ($1.transaction, $1.index) }
    }
    if header.start != 0 { pending = try replay(header) }
  }

  private func block(_ index: UInt64) throws -> [UInt8] {
    try source.read(at: ByteOffset(index * blockSize), count: ByteCount(blockSize))
  }

  /// What a copy holds.
  func contents(of copy: Copy) throws -> [UInt8] {
    var bytes = try block(copy.index)
    if copy.isEscaped { bytes.replaceSubrange(0..<4, with: Self.magic) }
    return bytes
  }

  /// Where a copy lies in the journal's source.
  func range(of copy: Copy) -> Range<ByteOffset> {
    ByteOffset(copy.index * blockSize)..<ByteOffset((copy.index + 1) * blockSize)
  }

  /// The copies that a descriptor block announces: those behind it whose checksum holds, and how
  /// many it announces in all.
  private func tags(
    of block: [UInt8], at index: UInt64, _ header: Header
  ) -> (sound: [(block: UInt64, copy: Copy)], count: UInt64) {
    guard let transaction = try? block.big(UInt32.self, at: 8) else { return ([], 0) }
    var sound: [(UInt64, Copy)] = []
    var count: UInt64 = 0
    var at = 12
    var position = index
    let end = block.count - (header.checksums > 0 ? 4 : 0)
    while let tag = Tag(block, at: at, end: end, header.checksums, isWide: header.isWide) {
      at += tag.length
      count += 1
      position += 1
      if position >= header.count { position = header.first }
      let copy = Copy(transaction: transaction, index: position, isEscaped: tag.isEscaped)
      if tag.block < Self.mostBlocks, let bytes = try? self.block(position),
        holds(bytes, tag, transaction, header)
      {
        sound.append((tag.block, copy))
      }
      if tag.isLast { break }
    }
    return (sound, count)
  }

  private func holds(
    _ bytes: [UInt8], _ tag: Tag, _ transaction: UInt32, _ header: Header
  ) -> Bool {
    // Without checksums a copy that looks like the journal's own block was written over.
    guard header.checksums > 0 else { return !bytes.holds(Self.magic, at: 0) }
    let number = ExtChecksum.crc(header.seed, transaction.byteSwapped)
    let crc = ExtChecksum.crc(number, bytes)
    return header.checksums == 3
      ? crc == tag.checksum : UInt16(truncatingIfNeeded: crc) == UInt16(tag.checksum & 0xFFFF)
  }

  /// One tag of a descriptor block.
  private struct Tag {
    let block: UInt64
    let isEscaped: Bool
    let isLast: Bool
    let checksum: UInt32
    let length: Int

    init?(_ bytes: [UInt8], at: Int, end: Int, _ checksums: Int, isWide: Bool) {
      let flags: UInt32
      var size: Int
      guard at + 8 <= end, let low = try? bytes.big(UInt32.self, at: at) else { return nil }
      var high: UInt32 = 0
      if checksums == 3 {
        guard at + 16 <= end, let word = try? bytes.big(UInt32.self, at: at + 4),
          let upper = try? bytes.big(UInt32.self, at: at + 8),
          let crc = try? bytes.big(UInt32.self, at: at + 12)
        else { return nil }
        (flags, high, checksum, size) = (word, upper, crc, 16)
      } else {
        guard let crc = try? bytes.big(UInt16.self, at: at + 4),
          let half = try? bytes.big(UInt16.self, at: at + 6)
        else { return nil }
        (flags, checksum, size) = (UInt32(half), UInt32(crc), 8)
        if isWide {
          guard at + 12 <= end, let upper = try? bytes.big(UInt32.self, at: at + 8) else {
            return nil
          }
          high = upper
          size += 4
        }
        // Version 2 made its tags two bytes longer than they had to be.
        if checksums == 2 { size += 2 }
      }
      block = UInt64(isWide ? high : 0) << 32 | UInt64(low)
      isEscaped = flags & 1 != 0
      isLast = flags & 8 != 0
      // Without "same UUID", 16 bytes of one follow.
      length = size + (flags & 2 == 0 ? 16 : 0)
    }
  }

  /// Walks the transactions from the log's start as a mount would, and returns the newest copy of
  /// each block that a committed one holds and none revokes later.
  private func replay(_ header: Header) throws -> [UInt64: Copy] {
    var result: [UInt64: Copy] = [:]
    var revoked: [UInt64: UInt32] = [:]
    var position = header.start
    var sequence = header.sequence
    var written: [(block: UInt64, copy: Copy)] = []
    var revokes: [UInt64] = []
    for _ in 0..<header.count {
      guard position >= header.first, position < header.count,
        let block = try? self.block(position), block.holds(Self.magic, at: 0),
        try block.big(UInt32.self, at: 8) == sequence
      else { break }
      var step: UInt64 = 1
      switch try block.big(UInt32.self, at: 4) {
      case 1:
        let (tags, count) = tags(of: block, at: position, header)
        written += tags
        step += count
      case 2:
        for (number, copy) in written { result[number] = copy }
        for number in revokes { revoked[number] = sequence }
        written = []
        revokes = []
        sequence &+= 1
      case 5: revokes += try self.revokes(of: block, isWide: header.isWide)
      default: return filtered(result, revoked)
      }
      position += step
      if position >= header.count { position = header.first + (position - header.count) }
    }
    return filtered(result, revoked)
  }

  private func filtered(_ copies: [UInt64: Copy], _ revoked: [UInt64: UInt32]) -> [UInt64: Copy] {
    copies.filter { number, copy in revoked[number].map { $0 < copy.transaction } ?? true }
  }

  /// A revoke block: its length in bytes at 12, then block numbers.
  private func revokes(of block: [UInt8], isWide: Bool) throws -> [UInt64] {
    let end = min(Int(clamping: try block.big(UInt32.self, at: 12)), block.count)
    let size = isWide ? 8 : 4
    var numbers: [UInt64] = []
    for at in stride(from: 16, to: max(16, end - size + 1), by: size) {
      numbers.append(
        isWide ? try block.big(UInt64.self, at: at) : UInt64(try block.big(UInt32.self, at: at)))
    }
    return numbers
  }
}
