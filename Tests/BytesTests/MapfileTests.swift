// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bytes

@Suite struct `A mapfile` {
  let text = """
    # Mapfile. Created by GNU ddrescue version 1.27
    # current_pos  current_status  current_pass
    0x00011000     *               2
    #      pos        size  status
    0x00000000  0x00010000  +
    0x00010000  0x00000200  -
    0x00010200  0x00000E00  /
    0x00011000  0x00000800  *
    0x00011800  4096  ?
    0x00012800  010  +

    """

  @Test func `is read field by field`() throws {
    let map = try Mapfile(parsing: Array(text.utf8))
    #expect(map.position == 0x11000 && map.activity == 0x2A && map.pass == 2)
    #expect(
      map.blocks.map(\.status) == [.finished, .bad, .nonScraped, .nonTrimmed, .nonTried, .finished])
    #expect(map.blocks.last?.range == 0x12800..<0x12808)
    #expect(map.unread(of: 0x13000) == RangeSet([0x10000..<0x12800, 0x12808..<0x13000]))
  }

  @Test func `is the same after writing and reading`() throws {
    let map = try Mapfile(parsing: Array(text.utf8))
    #expect(try Mapfile(parsing: Array(map.text(comment: "again").utf8)) == map)
  }

  @Test(arguments: [
    "", "#\n", "x + 1\n", "0 +1 1\n", "0 X\n", "0 + 1\n0 1\n", "0 + 1\n0 1 !\n",
    "0 + 1\n0 10 +\n5 10 -\n", "0 + 1\n0x8000000000000000 0x8000000000000000 +\n",
    "0 + 1\n0x+5 1 +\n", "0 + 1\n-5 1 +\n", "0 + 1\n10 5 +\n0 5 +\n",
  ])
  func `that breaks its format is refused`(text: String) {
    #expect(throws: Malformed.self) { try Mapfile(parsing: Array(text.utf8)) }
  }

  @Test func `cut or damaged anywhere is read or refused`() {
    let bytes = Array(text.utf8)
    for count in 0...bytes.count { _ = try? Mapfile(parsing: Array(bytes[..<count])) }
    var seed: UInt64 = 7
    for index in bytes.indices {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1
      var damaged = bytes
      damaged[index] = UInt8(truncatingIfNeeded: seed >> 56)
      if let map = try? Mapfile(parsing: damaged) {
        #expect(
          zip(map.blocks, map.blocks.dropFirst()).allSatisfy {
            $0.range.upperBound == $1.range.lowerBound
          })
      }
    }
  }
}
