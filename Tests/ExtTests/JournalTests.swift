// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Ext

/// A journal of 32 blocks of 1,024 bytes, with checksums of version 3 or without.
private struct Log {
  var bytes = [UInt8](repeating: 0, count: 32 << 10)
  private let checksums: Int
  private let seed: UInt32
  private var position = 1

  init(checksums: Int = 0, start: UInt32 = 1) {
    self.checksums = checksums
    var block = Block()
    block.put(0, Journal.magic)
    block.big(4, UInt32(4))
    block.big(12, UInt32(1024))
    block.big(16, UInt32(32))
    block.big(20, UInt32(1))
    block.big(24, UInt32(5))
    block.big(28, start)
    block.big(40, checksums == 3 ? 16 : checksums == 2 ? 8 : 0 as UInt32)
    seed = ExtChecksum.crc(0xFFFF_FFFF, Array(block.bytes[48..<64]))
    bytes.replaceSubrange(0..<1024, with: block.bytes)
  }

  private mutating func add(_ block: [UInt8]) {
    bytes.replaceSubrange(position << 10..<(position << 10) + 1024, with: block)
    position += 1
  }

  private func header(_ type: UInt32, _ transaction: UInt32) -> Block {
    var block = Block()
    block.put(0, Journal.magic)
    block.big(4, type)
    block.big(8, transaction)
    return block
  }

  mutating func copies(_ transaction: UInt32, _ copies: [(block: UInt32, fill: UInt8)]) {
    var descriptor = header(1, transaction)
    var at = 12
    for (index, copy) in copies.enumerated() {
      let flags: UInt32 = (index == 0 ? 0 : 2) | (index == copies.count - 1 ? 8 : 0)
      let number = ExtChecksum.crc(seed, transaction.byteSwapped)
      let crc = ExtChecksum.crc(number, [UInt8](repeating: copy.fill, count: 1024))
      descriptor.big(at, copy.block)
      if checksums == 3 {
        descriptor.big(at + 4, flags)
        descriptor.big(at + 12, crc)
        at += 16
      } else {
        descriptor.big(at + 4, checksums == 2 ? UInt16(truncatingIfNeeded: crc) : 0)
        descriptor.big(at + 6, UInt16(flags))
        at += checksums == 2 ? 10 : 8
      }
      if index == 0 { at += 16 }
    }
    add(descriptor.bytes)
    for copy in copies { add([UInt8](repeating: copy.fill, count: 1024)) }
  }

  mutating func commit(_ transaction: UInt32) { add(header(2, transaction).bytes) }

  mutating func revoke(_ transaction: UInt32, _ block: UInt32) {
    var revoke = header(5, transaction)
    revoke.big(12, UInt32(20))
    revoke.big(16, block)
    add(revoke.bytes)
  }

  func journal() throws -> Journal {
    try #require(try Journal(Source(bytes: bytes), blockSize: 1024))
  }
}

@Suite struct `A journal` {
  @Test(arguments: [0, 2, 3])
  func `remembers copies under every form of tag`(_ checksums: Int) throws {
    var log = Log(checksums: checksums, start: 0)
    log.copies(5, [(20, 0xA1), (21, 0xA2)])
    log.commit(5)
    log.copies(6, [(20, 0xB1)])
    log.commit(6)
    let journal = try log.journal()
    #expect(journal.copies[20]?.map(\.transaction) == [6, 5])
    #expect(journal.copies[21]?.map(\.transaction) == [5])
    let newest = try #require(journal.copies[20]?.first)
    #expect(try journal.contents(of: newest).first == 0xB1)
    #expect(journal.pending.isEmpty)
  }

  @Test(arguments: [2, 3])
  func `takes no copy whose checksum fails`(_ checksums: Int) throws {
    var log = Log(checksums: checksums, start: 0)
    log.copies(5, [(20, 0xA1), (21, 0xA2)])
    log.bytes[2 << 10 + 100] ^= 1
    let journal = try log.journal()
    #expect(journal.copies[20] == nil)
    #expect(journal.copies[21] != nil)
  }

  @Test func `replays what was committed and not what was not`() throws {
    var log = Log()
    log.copies(5, [(20, 0xA1)])
    log.commit(5)
    log.copies(6, [(21, 0xB1)])
    let journal = try log.journal()
    #expect(Set(journal.pending.keys) == [20])
  }

  @Test func `replays nothing that was revoked later`() throws {
    var log = Log()
    log.copies(5, [(20, 0xA1), (21, 0xA2)])
    log.commit(5)
    log.revoke(6, 20)
    log.commit(6)
    let journal = try log.journal()
    #expect(Set(journal.pending.keys) == [21])
    // As evidence of the past it stays.
    #expect(journal.copies[20] != nil)
  }

  @Test func `gives an escaped copy its first bytes back`() throws {
    var log = Log(start: 0)
    log.copies(5, [(20, 0)])
    // "last", "escaped".
    log.bytes[1 << 10 + 19] = 9
    let journal = try log.journal()
    let copy = try #require(journal.copies[20]?.first)
    #expect(try Array(journal.contents(of: copy).prefix(4)) == Journal.magic)
  }

  @Test func `cut short or damaged anywhere ends`() throws {
    var log = Log(checksums: 3)
    log.copies(5, [(20, 0xA1), (21, 0xA2)])
    log.commit(5)
    log.revoke(6, 20)
    log.commit(6)
    for count in stride(from: 0, to: log.bytes.count, by: 509) {
      _ = try? Journal(Source(bytes: Array(log.bytes[..<count])), blockSize: 1024)
    }
    var read = 0
    for at in 0..<(6 << 10) where at % 1024 < 80 {
      for value in [0, 1, 0x80, 0xFF] as [UInt8] {
        var damaged = log.bytes
        damaged[at] = value
        if try Journal(Source(bytes: damaged), blockSize: 1024) != nil { read += 1 }
      }
    }
    #expect(read > 1000)
  }

  @Test func `in which every block announces copies ends soon`() throws {
    var log = Log(start: 1)
    for index in 1..<32 {
      var block = Block()
      block.put(0, Journal.magic)
      block.big(4, UInt32(1))
      block.big(8, UInt32(5))
      for at in stride(from: 12, to: 1016, by: 8) {
        block.big(at, UInt32.max)
        block.big(at + 6, UInt16(2))
      }
      log.bytes.replaceSubrange(index << 10..<(index << 10) + 1024, with: block.bytes)
    }
    _ = try Journal(Source(bytes: log.bytes), blockSize: 1024)
  }
}
