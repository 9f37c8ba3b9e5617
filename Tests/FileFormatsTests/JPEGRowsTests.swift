// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Testing

@testable import FileFormats

@Suite struct `Rows of a picture` {
  private static let columns = 40

  /// The brightness of a unit of a picture that changes slowly, with a little noise.
  private func brightness(_ unit: Int, _ noise: inout Noise) -> Int {
    let (row, column) = (unit / Self.columns, unit % Self.columns)
    return 900 + 10 * row - 6 * abs(column - 20) + Int(noise.next() >> 60)
  }

  /// Rows that are seen as they are, then others as far to the right and brighter.
  private func rows(of units: Int, shiftedFrom seam: Int = .max) -> JPEGRows {
    var noise = Noise(state: 4)
    var rows = JPEGRows(columns: Self.columns)
    for unit in 0..<units {
      if unit == seam { rows.takeUp() }
      let isForeign = unit >= seam
      let value = brightness(isForeign ? unit + 17 : unit, &noise) + (isForeign ? 700 : 0)
      rows.add(value)
      if rows.isMarked { rows.mark(at: ByteOffset(UInt64(unit) * 30)) }
    }
    return rows
  }

  @Test func `of one picture do not jump`() {
    #expect(rows(of: 1600).firstJump == nil)
  }

  @Test(arguments: [400, 655, 1001])
  func `jump where another part begins`(seam: Int) throws {
    let jump = try #require(rows(of: 1600, shiftedFrom: seam).firstJump)
    #expect(jump.contains(ByteOffset(UInt64(seam) * 30)))
    #expect(jump.length < ByteCount(UInt64(Self.columns) * 30 * 3))
  }

  @Test func `are strained behind a place only if what follows is foreign`() throws {
    #expect(try #require(rows(of: 900, shiftedFrom: 600).strain) > 3)
    var noise = Noise(state: 5)
    var own = JPEGRows(columns: Self.columns)
    for unit in 0..<900 {
      if unit == 600 { own.takeUp() }
      own.add(brightness(unit, &noise))
      if own.isMarked { own.mark(at: ByteOffset(UInt64(unit))) }
    }
    #expect(try #require(own.strain) < 1.5)
  }

  @Test func `say nothing of too little`() {
    #expect(rows(of: 60).firstJump == nil)
    #expect(rows(of: 602, shiftedFrom: 600).strain == nil)
  }
}
