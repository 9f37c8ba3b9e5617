// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Storage
import Testing

@testable import Imaging

@Suite("The journal beside a mapfile")
struct JournalTests {
  @Test("A line says what it was made of, and no damaged line says anything")
  func lines() throws {
    let mark = Mapfile.Block(0x1_0000..<0x2_0000, .nonTrimmed)
    let line = Array(Journal.line(mark).utf8.dropLast())
    #expect(Journal.mark(line[...]) == mark)
    for index in line.indices {
      var damaged = line
      damaged[index] ^= 1
      #expect(Journal.mark(damaged[...]) == nil)
      #expect(Journal.mark(line[..<index]) == nil)
    }
  }

  @Test("The journal is replayed over the map, up to the first broken line")
  func replay() throws {
    let folder = Folder()
    let path = folder.path + "/image.map"
    let record = try RescueRecord(mapPath: path)
    var map = RescueMap(length: 4096)
    map.mark(0..<1024, .finished)
    try record.write(map, phase: .copying, comment: "")
    try record.append([
      Mapfile.Block(1024..<2048, .nonTrimmed), Mapfile.Block(1024..<1536, .finished),
    ])
    let journal = try #require(folder.bytes("image.map.journal"))
    folder.file("image.map.journal", journal + Array("800 800 + 1234".utf8))
    let found = try #require(try RescueRecord.map(at: path, length: 4096))
    #expect(found.ranges(.finished) == [0..<1536])
    #expect(found.ranges(.nonTrimmed) == [1536..<2048])
    #expect(found.ranges(.nonTried) == [2048..<4096])
  }

  @Test("An image whose job was killed is read with what the journal knows since the map")
  func unfinished() throws {
    let folder = Folder()
    folder.file("image", [UInt8](repeating: 7, count: 4096))
    let path = folder.path + "/image"
    let record = try RescueRecord(mapPath: path + ".map")
    var map = RescueMap(length: 4096)
    map.mark(0..<1024, .finished)
    try record.write(map, phase: .copying, comment: "")
    try record.append([
      Mapfile.Block(1024..<2048, .finished), Mapfile.Block(0..<512, .nonTried),
    ])
    let medium = try openMedium(at: path)
    try medium.withReadableBytes(in: 0..<4096) { _, lost in
      #expect(lost == RangeSet([0..<512, 2048..<4096]))
    }
  }

  @Test("Two jobs do not share a record")
  func exclusive() throws {
    let folder = Folder()
    let record = try RescueRecord(mapPath: folder.path + "/map")
    #expect(throws: (any Error).self) { try RescueRecord(mapPath: folder.path + "/map") }
    withExtendedLifetime(record) {}
  }
}
