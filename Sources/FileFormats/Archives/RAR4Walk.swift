// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// The walk over the blocks of a RAR archive of versions 1.5 to 4.
///
///     block: 0  u16 checksum: low half of the CRC-32 from byte 2 on   2  u8 type   3  u16 flags
///            5  u16 size   7  u32 size of what follows, where flag 0x8000 says so
///     file:  7  u32 packed size   11 u32 size   16 u32 CRC-32   25 u8 method ('0': stored)
///            26 u16 name size   32 u32 high half of the packed size, where flag 0x100 says so
///     old:   7  u32 size of what follows   11 u16 what it is (0x101: names of the owner and group)
///
/// - Source: RARLAB, *technote.txt* of RAR 4.20, "RAR archive format".
struct RAR4Walk {
  private enum Kind {
    static let main: UInt8 = 0x73
    static let file: UInt8 = 0x74
    static let old: UInt8 = 0x77
    static let recovery: UInt8 = 0x78
    static let signature: UInt8 = 0x79
    static let service: UInt8 = 0x7A
    static let end: UInt8 = 0x7B
  }

  private static let mostBlocks = 4_000_000
  private static let mostNames: UInt32 = 1024
  /// Versions up to this one may have written an archive without an end block.
  private static let lastWithoutEnd: UInt8 = 20
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 7
  private var proof = RARProof()
  /// The highest version that a member needs, times ten.
  private var version: UInt8 = .max
  /// Whether the block at hand is sound, so that a problem lies in what follows it.
  private var isInside = false

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    do {
      guard try walk.accept(walk.block(), isFirst: true) else {
        throw Malformed("RAR", "it does not begin with its own header", at: 7)
      }
    } catch let error as Encrypted {
      // A salt of 8 bytes, then a header of whole cipher blocks.
      return try RARCipher(file, from: error.start, unit: 8).examination()
    }
    for _ in 0..<Self.mostBlocks {
      do {
        let block = try walk.block()
        guard try walk.accept(block, isFirst: false) else {
          throw Malformed("RAR", "the checksum of a block's header is wrong", at: walk.position)
        }
        if block.type == Kind.end { return walk.complete() }
      } catch  where error is Malformed || error is Truncated {
        guard !walk.isInside, walk.version <= Self.lastWithoutEnd else { throw error }
        return walk.withoutEnd()
      }
    }
    throw Malformed("RAR", "there are too many blocks", at: position)
  }

  private struct Encrypted: Error {
    let start: ByteOffset
    init(from start: ByteOffset) { self.start = start }
  }

  private struct Block {
    let type: UInt8
    let flags: UInt16
    let header: [UInt8]
    let checksum: UInt16
    let isSound: Bool
  }

  private mutating func block() throws -> Block {
    let type = try window.byte(at: position + 2)
    let flags = try window.little(UInt16.self, at: position + 3)
    let size = try window.little(UInt16.self, at: position + 5)
    guard size >= 7, (0x72...0x7B).contains(type) else {
      throw Malformed("RAR", "no block starts here", at: position)
    }
    let header = try window.copy(at: position, count: Int(size))
    let checksum = try header.little(UInt16.self, at: 0)
    // Where a comment stands in the header, the checksum does not cover it.
    var covered = header.count
    if type == Kind.main, flags & 2 != 0 { covered = min(covered, 13) }
    if type == Kind.file, flags & 8 != 0 {
      let extra = flags & 0x100 != 0 ? 8 : 0
      covered = min(covered, 32 + extra + Int(try header.little(UInt16.self, at: 26)))
    }
    var crc = CRC32(.iso)
    crc.update(Array(header[2..<covered]))
    if type == Kind.old, header.holds([1, 1], at: 11) {
      // The names behind an owner's header count as part of it.
      let names = min(try header.little(UInt32.self, at: 7), Self.mostNames)
      let behind = try position + ByteCount(clamping: header.count)
      crc.update(try window.copy(at: behind, count: Int(clamping: names)))
    }
    let isSound = UInt16(truncatingIfNeeded: crc.value) == checksum || type == Kind.signature
    return Block(
      type: type, flags: flags, header: header, checksum: checksum, isSound: isSound)
  }

  /// Takes up a block and what follows it; false where none stands here.
  private mutating func accept(_ block: Block, isFirst: Bool) throws -> Bool {
    guard block.isSound, isFirst == (block.type == Kind.main) else { return false }
    isInside = true
    let behind = try position + ByteCount(clamping: block.header.count)
    switch block.type {
    case Kind.main:
      if block.flags & 0x80 != 0 { throw Encrypted(from: behind) }
      position = behind
    case Kind.file, Kind.service:
      let packed = try Self.packedSize(block)
      let end = try behind + packed
      guard end <= file.range.upperBound else { throw Truncated() }
      if block.type == Kind.file {
        let needed = try block.header.little(UInt8.self, at: 24)
        version = version == .max ? needed : max(version, needed)
      }
      if block.type == Kind.file || packed > 0x1_0000 {
        proof.count(isProven: try isProven(block, data: behind..<end))
      }
      position = end
    default:
      let more = block.flags & 0x8000 != 0 ? try block.header.little(UInt32.self, at: 7) : 0
      position = try behind + ByteCount(UInt64(more))
      // Nothing here checks the parity of a recovery record.
      if block.type == Kind.recovery { proof.count(isProven: false) }
    }
    guard position <= file.range.upperBound else { throw Truncated() }
    isInside = false
    return true
  }

  private static func packedSize(_ block: Block) throws -> ByteCount {
    let low = UInt64(try block.header.little(UInt32.self, at: 7))
    guard block.flags & 0x100 != 0 else { return ByteCount(low) }
    return ByteCount(low | UInt64(try block.header.little(UInt32.self, at: 32)) << 32)
  }

  /// Whether the CRC-32 of a member that is stored as it is holds; false where it is packed, encrypted
  /// or goes on in another volume.
  private func isProven(_ block: Block, data: Range<ByteOffset>) throws -> Bool {
    guard block.type == Kind.file, block.flags & 7 == 0,
      try block.header.little(UInt8.self, at: 25) == 0x30
    else {
      return false
    }
    guard try file.crc32(of: data) == block.header.little(UInt32.self, at: 16) else {
      throw Malformed("RAR", "the checksum of a member is wrong", at: data.lowerBound)
    }
    return true
  }

  private func complete() -> Examination {
    .whole("rar", "RAR", end: position, and: proof.evidence)
  }

  /// Nothing ended an archive before version 3: it goes as far as its blocks.
  private func withoutEnd() -> Examination {
    var result = complete()
    result.evidence.append(.endReasoned)
    return result
  }
}
