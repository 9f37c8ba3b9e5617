// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import GRDB

extension Case {
  /// Records chunks that were read, in one transaction.
  package func addPass(_ results: [PassResult]) throws {
    guard !results.isEmpty else { return }
    try write { database in
      let mark = try database.cachedStatement(sql: "INSERT OR IGNORE INTO mark VALUES (?, ?)")
      for result in results {
        try database.execute(
          sql: "INSERT OR REPLACE INTO pass VALUES (?, ?, ?, ?)",
          arguments: [
            result.range.lowerBound.stored, result.range.upperBound.stored,
            Data(ByteWriter(result.classes).bytes), result.passedOver,
          ])
        for defect in result.defects.ranges {
          try database.execute(
            sql: "INSERT OR REPLACE INTO defect VALUES (?, ?)",
            arguments: [defect.lowerBound.stored, defect.upperBound.stored])
        }
        for found in result.marks {
          try mark.execute(arguments: [found.offset.stored, Int64(found.kind)])
        }
      }
    }
  }

  /// What of the medium was read.
  package func scanned() throws -> RangeSet<ByteOffset> { try ranges(in: "pass") }

  /// What of the medium could not be read.
  package func defects() throws -> RangeSet<ByteOffset> { try ranges(in: "defect") }

  private func ranges(in table: String) throws -> RangeSet<ByteOffset> {
    try read { database in
      var ranges: [Range<ByteOffset>] = []
      let rows = try Row.fetchCursor(database, sql: "SELECT start, stop FROM \(table)")
      while let row = try rows.next() {
        let (start, stop) = (ByteOffset(stored: row[0]), ByteOffset(stored: row[1]))
        if start < stop { ranges.append(start..<stop) }
      }
      return RangeSet(unsorted: ranges)
    }
  }

  /// Marks at or behind `from`, by offset, then kind: a page of at most `limit`.
  package func marks(
    from: ByteOffset, limit: Int, kinds: ClosedRange<UInt16>
  ) throws -> [Mark] {
    try read { database in
      var marks: [Mark] = []
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT offset, kind FROM mark WHERE offset >= ? AND kind BETWEEN ? AND ?
          ORDER BY offset, kind LIMIT ?
          """,
        arguments: [from.stored, Int64(kinds.lowerBound), Int64(kinds.upperBound), limit])
      while let row = try rows.next() {
        marks.append(
          Mark(kind: UInt16(clamping: row[1] as Int64), offset: ByteOffset(stored: row[0])))
      }
      return marks
    }
  }

  /// Records what a volume says of its bytes.
  package func set(_ kind: RangeKind, volume: UInt16, to ranges: RangeSet<ByteOffset>) throws {
    var writer = ByteWriter()
    var position: ByteOffset = 0
    for range in ranges.ranges {
      writer.put((position..<range.lowerBound).length.rawValue)
      writer.put(range.length.rawValue)
      position = range.upperBound
    }
    let bytes = Data(writer.bytes)
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO range VALUES (?, ?, ?)",
        arguments: [Int64(kind.rawValue), Int64(volume), bytes])
    }
  }

  /// What one volume says, or all of them together.
  package func ranges(
    _ kind: RangeKind, volume: UInt16? = nil
  ) throws -> RangeSet<ByteOffset> {
    try read { database in
      let number = volume.map { Int64($0) }
      let blobs = try Data.fetchAll(
        database, sql: "SELECT ranges FROM range WHERE kind = ? AND (? IS NULL OR volume = ?)",
        arguments: [Int64(kind.rawValue), number, number])
      var ranges: [Range<ByteOffset>] = []
      for blob in blobs {
        var reader = ByteReader(Array(blob))
        var position: ByteOffset = 0
        while !reader.isAtEnd {
          let start = position.advancedClamped(by: ByteCount(try reader.number()))
          position = start.advancedClamped(by: ByteCount(try reader.number()))
          ranges.append(start..<position)
        }
      }
      return RangeSet(unsorted: ranges)
    }
  }
}
