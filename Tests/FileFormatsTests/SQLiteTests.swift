// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import FileFormats

@Suite struct `SQLite databases` {
  /// Three pages of 512 bytes: the schema, a table's leaf, a free page.
  private func bytes() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1536)
    func put(_ at: Int, _ new: [UInt8]) { bytes.replaceSubrange(at..<at + new.count, with: new) }
    put(0, Array("SQLite format 3\0".utf8) + big(UInt16(512)) + [1, 1, 0, 64, 32, 32])
    put(24, big(UInt32(5)) + big(UInt32(3)))
    put(92, big(UInt32(5)))
    put(100, [13, 0, 0] + big(UInt16(1)) + big(UInt16(400)))
    put(400, Array("CREATE TABLE people (name TEXT)".utf8))
    put(512, [13, 0, 0] + big(UInt16(0)) + big(UInt16(512)))
    return bytes
  }

  @Test func `a database is as long as its pages`() throws {
    let result = try examine(.sqlite, bytes() + junk(900))
    #expect(result.end == .complete)
    #expect(result.length == 1536)
    #expect(result.name == "people")
  }

  @Test func `a database cut anywhere is never whole`() throws {
    try expectNoneWhole(.sqlite, cutsOf: bytes())
  }

  @Test func `a foreign page is noticed`() throws {
    var damaged = bytes()
    damaged.replaceSubrange(512..<1024, with: [UInt8](repeating: 0x77, count: 512))
    #expect(try examine(.sqlite, damaged).end == .broken(at: 512))
  }

  @Test func `damage gives a bounded answer`() throws {
    try expectBounded(.sqlite, damaging: bytes())
  }
}
