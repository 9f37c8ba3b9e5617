// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import GRDB

extension Case {
  /// Hands out what the blocks look like, in order of offset.
  package func eachClass(_ body: (Range<ByteOffset>, BlockClass) throws -> Void) throws {
    try read { database in
      let rows = try Row.fetchCursor(
        database, sql: "SELECT start, classes FROM pass ORDER BY start")
      while let row = try rows.next() {
        var position = ByteOffset(stored: row[0])
        for run in try ByteReader(Array(row[1] as Data)).blockRuns() {
          let end = position.advancedClamped(by: run.length)
          try body(position..<end, run.kind)
          position = end
        }
      }
    }
  }

  /// How many bytes look like what.
  package func classTotals() throws -> [BlockClass: ByteCount] {
    var totals: [BlockClass: ByteCount] = [:]
    try eachClass { range, kind in
      totals[kind, default: 0] = totals[kind, default: 0].addingClamped(range.length)
    }
    return totals
  }

  /// Where the scanned part of the medium begins.
  package func sourceStart() throws -> ByteOffset {
    try read { try Int64.fetchOne($0, sql: "SELECT min(start) FROM pass") }
      .map(ByteOffset.init(stored:)) ?? 0
  }

  /// Candidates that carving did not follow to their end.
  package func candidatesCutShort() throws -> Int {
    try carving()?.cutShort ?? 0
  }

  /// Hits that the pass did not keep, since a disk full of headers must not keep us for days.
  package func hitsPassedOver() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT total(passedOver) FROM pass") ?? 0 }
  }
}

extension ByteWriter {
  /// Runs of blocks: the class in the lowest three bits, the length above.
  init(_ runs: [ClassRun]) {
    for run in runs { put(run.length.rawValue << 3 | UInt64(run.kind.rawValue)) }
  }
}

extension ByteReader {
  fileprivate consuming func blockRuns() throws -> [ClassRun] {
    var reader = self
    var runs: [ClassRun] = []
    while !reader.isAtEnd {
      let number = try reader.number()
      guard let kind = BlockClass(rawValue: UInt8(number & 7)) else {
        throw Malformed("case record", "a class of blocks that is not known")
      }
      runs.append(ClassRun(kind, length: ByteCount(number >> 3)))
    }
    return runs
  }
}
