// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bytes

/// Maps of up to 64 bytes, some of which begin later, and the same as a status for each byte.
private struct Sample {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func random(_ bound: UInt64) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % bound
  }

  mutating func map() throws -> Mapfile {
    var blocks: [Mapfile.Block] = []
    var position = ByteOffset(random(3) * 5)
    for _ in 0..<1 + random(12) {
      let end = position.advancedClamped(by: ByteCount(1 + random(6)))
      blocks.append(Mapfile.Block(position..<end, Mapfile.Status.allCases[Int(random(5))]))
      position = end
    }
    return try Mapfile(blocks: blocks, position: 7, activity: 0x2D, pass: 3)
  }
}

extension Mapfile {
  fileprivate subscript(index: UInt64) -> Status? {
    blocks.first { $0.range.contains(ByteOffset(index)) }?.status
  }
}

@Suite struct `Two mapfiles` {
  @Test func `combined agree with a rule for each byte`() throws {
    var sample = Sample(seed: 4101)
    for _ in 0..<500 {
      let (mine, theirs) = (try sample.map(), try sample.map())
      let (and, or) = (mine.combined(with: theirs, by: .and), mine.combined(with: theirs, by: .or))
      let xor = mine.combined(with: theirs, by: .xor)
      for byte in 0..<96 as Range<UInt64> {
        guard let old = mine[byte] else {
          #expect(and[byte] == nil && or[byte] == nil && xor[byte] == nil)
          continue
        }
        let other = theirs[byte]
        let (has, gets) = (old == .finished, other == .finished)
        #expect(and[byte] == (has && other != nil && !gets ? .bad : old))
        #expect(or[byte] == (gets ? .finished : old))
        #expect(xor[byte] == (gets ? (has ? .bad : .finished) : old))
      }
      for map in [and, or, xor] {
        #expect(map.position == 7 && map.activity == 0x2D && map.pass == 3)
        #expect(zip(map.blocks, map.blocks.dropFirst()).allSatisfy { $0.status != $1.status })
      }
    }
  }

  @Test func `inverted exchange rescued and not rescued`() throws {
    var sample = Sample(seed: 12)
    for _ in 0..<100 {
      let map = try sample.map()
      let inverted = map.inverted
      for byte in 0..<96 as Range<UInt64> {
        #expect(inverted[byte] == map[byte].map { $0 == .finished ? .bad : .finished })
      }
    }
  }

  @Test func `differ exactly where a byte does`() throws {
    var sample = Sample(seed: 99)
    for _ in 0..<300 {
      let (mine, theirs) = (try sample.map(), try sample.map())
      let differences = mine.differences(from: theirs)
      for byte in 0..<96 as Range<UInt64> {
        let told = differences.filter { $0.range.contains(ByteOffset(byte)) }
        #expect(told.count == (mine[byte] == theirs[byte] ? 0 : 1))
        if let told = told.first { #expect(told.mine == mine[byte] && told.theirs == theirs[byte]) }
      }
      #expect(mine.differences(from: mine).isEmpty)
    }
  }

  @Test func `of no byte are no trouble`() throws {
    let empty = try Mapfile(blocks: [])
    let some = try Mapfile(blocks: [Mapfile.Block(5..<9, .bad)])
    #expect(empty.combined(with: some, by: .or).blocks.isEmpty)
    #expect(some.combined(with: empty, by: .xor) == some)
    #expect(empty.differences(from: some).map(\.range) == [5..<9])
    #expect(empty.extent.isEmpty && !empty.isRescued)
  }
}

@Suite struct `What a mapfile comes to` {
  private let map: Mapfile

  init() throws {
    map = try Mapfile(blocks: [
      Mapfile.Block(10..<20, .finished), Mapfile.Block(20..<23, .bad),
      Mapfile.Block(23..<30, .nonScraped), Mapfile.Block(30..<36, .bad),
    ])
  }

  @Test func `is summed up for each status`() throws {
    let bad = try #require(map.totals[.bad])
    #expect(bad.count == 9 && bad.areas == 2 && bad.largest == 30..<36)
    #expect(map.totals[.nonTried] == Mapfile.Total())
    #expect(map.extent == 10..<36 && !map.isRescued)
    #expect(try Mapfile(blocks: [Mapfile.Block(0..<3, .finished)]).isRescued)
  }

  @Test func `is asked for each range, and was not tried outside`() {
    let unread = UnreadBlocks(map)
    #expect(unread.parts(of: 12..<19).isEmpty)
    #expect(unread.parts(of: 22..<24).map(\.status) == [.bad, .nonScraped])
    #expect(unread.parts(of: 22..<24).map(\.range) == [22..<23, 23..<24])
    #expect(unread.parts(of: 0..<11).map(\.range) == [0..<10])
    #expect(unread.parts(of: 35..<99).map(\.range) == [35..<36, 36..<99])
    #expect(unread.parts(of: 35..<99).last?.status == .nonTried)
  }
}
