// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing
import Volumes

@testable import ExFAT

@Suite struct `A braid` {
  @Test func `goes on in turns until each file is whole`() throws {
    let braid = try #require(Braid(starts: [0, 3, 5], wanted: [7, 5, 6]))
    let parts = try #require(braid.layout(lastPiece: 3))
    #expect(parts.map(\.file) == [0, 1, 2, 0, 1, 2, 0, 1])
    #expect(parts.map(\.count) == [3, 2, 3, 3, 2, 3, 1, 1])
    #expect(parts.map(\.start) == [0, 3, 5, 8, 11, 13, 16, 17])
    #expect(braid.lastPieces == [2, 3, 1, 4, 5, 6])
  }

  @Test func `joins what one file has of two turns`() throws {
    let braid = try #require(Braid(starts: [0, 2], wanted: [6, 1]))
    let parts = try #require(braid.layout(lastPiece: 1))
    #expect(parts.map(\.file) == [0, 1, 0])
    #expect(parts.map(\.count) == [2, 1, 4])
  }

  @Test func `is none where a file is whole before the next one starts`() throws {
    #expect(try #require(Braid(starts: [0, 3], wanted: [2, 9])).layout(lastPiece: 1) == nil)
    #expect(Braid(starts: [0, 0], wanted: [2, 2]) == nil)
    #expect(Braid(starts: [0], wanted: [2]) == nil)
    #expect(Braid(starts: [0, 1], wanted: [2, 0]) == nil)
  }

  @Test func `of many turns is not looked at`() throws {
    #expect(
      try #require(Braid(starts: [0, 1], wanted: [.max, .max])).layout(lastPiece: 1) == nil)
  }
}

@Suite struct `Files that were written at the same time` {
  /// `a`, `b` and `c` in turns of 3, 2 and 3 clusters from 20 on; 30 and 31 are another one's.
  private let clusters: [String: [UInt32]] = [
    "a": [20, 21, 22, 28, 29, 32, 38], "b": [23, 24, 33, 34, 39], "c": [25, 26, 27, 35, 36, 37],
  ]

  private func braided(isTold: Bool) -> Builder {
    var builder = Builder()
    for (name, places) in clusters {
      let size = places.count * 1024 - (isTold ? 100 : 0)
      for (index, cluster) in places.enumerated() {
        var piece = [UInt8](repeating: 0x41, count: 1024)
        if isTold, index + 1 == places.count {
          piece.replaceSubrange(924..<1024, with: [UInt8](repeating: 0, count: 100))
        }
        builder.write(piece, in: cluster)
      }
      builder.list(
        Builder.set(name, size: size, start: places[0], isContiguous: false, isDeleted: true))
    }
    builder.list(Builder.set("other", size: 2048, start: 30, isDeleted: true))
    return builder
  }

  @Test func `are told apart by where they end`() throws {
    let found = try findings(braided(isTold: true).bytes)
    for (name, places) in clusters {
      let file = try #require(found.named(name))
      #expect(file.clusters == places)
      #expect(file.evidence.contains { if case .gapsSkipped = $0 { true } else { false } })
      #expect(file.verdict <= .guessed)
    }
  }

  @Test func `are not where their ends tell nothing`() throws {
    let found = try findings(braided(isTold: false).bytes)
    #expect(found.named("c")?.clusters == [25, 26, 27, 28, 29, 39])
  }
}
