// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Foundation
import Testing

@testable import Reporting

@Suite struct `A picture of a mapfile` {
  private func map(_ blocks: (Range<ByteOffset>, Mapfile.Status)...) throws -> Mapfile {
    try Mapfile(blocks: blocks.map { Mapfile.Block($0.0, $0.1) })
  }

  @Test func `shows the worst of each range`() throws {
    let mega: UInt64 = 1 << 20
    let map = try map(
      (0..<ByteOffset(mega), .finished), (ByteOffset(mega)..<ByteOffset(mega + 1), .bad),
      (ByteOffset(mega + 1)..<ByteOffset(2 * mega), .nonTried),
      (ByteOffset(2 * mega)..<ByteOffset(3 * mega), .nonScraped),
      (ByteOffset(3 * mega)..<ByteOffset(4 * mega), .nonTrimmed))
    let picture = MapfilePicture(map, columns: 2, rows: 2)
    #expect(picture.cells.cells == [.rescued, .bad, .nonScraped, .nonTrimmed])
    #expect(picture.cells.offset(ofCell: 3) == ByteOffset(3 * mega))
  }

  @Test func `gives every byte to the cell that begins at or before it`() throws {
    let cells = CellMap(
      length: 1000, filledWith: MapfilePicture.Content.outside, columns: 7, rows: 3)
    var expected = 0
    for byte in 0..<1000 as Range<UInt64> {
      while expected + 1 < 21, cells.offset(ofCell: expected + 1) <= ByteOffset(byte) {
        expected += 1
      }
      let range = ByteOffset(byte)..<ByteOffset(byte + 1)
      #expect(cells.indices(of: range) == expected...expected, "byte \(byte)")
    }
    let largest = CellMap(
      length: ByteCount(.max), filledWith: MapfilePicture.Content.outside, columns: 7, rows: 3)
    #expect(largest.indices(of: ByteOffset(.max - 1)..<ByteOffset(.max)) == 20...20)
  }

  @Test func `needs no colour in a terminal, and fits it`() throws {
    let map = try map(
      (0..<0x12_0000, .finished), (0x12_0000..<0x12_0200, .bad),
      (0x12_0200..<0x80_0000, .finished))
    let plain = MapfilePicture.text(map, width: 50, isColored: false, .english)
    #expect(!plain.contains("\u{1B}"))
    #expect(plain.split(separator: "\n").allSatisfy { $0.count <= 50 })
    #expect(plain.split(separator: "\n").first { $0.contains("X") }?.contains("·X·") == true)
    #expect(plain.contains("X bad 512 B (< 0.01 %)"))
    let colored = MapfilePicture.text(map, width: 50, isColored: true, .french)
    #expect(colored.contains("\u{1B}[0;1;41;97mX") && colored.contains("défectueux"))
    let bare = colored.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(bare == MapfilePicture.text(map, width: 50, isColored: false, .french))
  }

  @Test func `is a document of its own with title, offsets and legend`() throws {
    let map = try map((0..<0x10_0000, .finished), (0x10_0000..<0x20_0000, .bad))
    for (language, words) in [
      (Language.english, ["Map of the copy: a&lt;b.map", "1.0 MB", "bad 1.0 MB (50.00 %)"]),
      (.french, ["Carte de la copie : a&lt;b.map", "1,0 Mo", "défectueux 1,0 Mo (50,00 %)"]),
    ] {
      let svg = MapfilePicture.svg(map, title: "a<b.map", language)
      for word in words { #expect(svg.contains(word), "\(word)") }
      #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
      #expect(svg.count { $0 == "<" } == svg.count { $0 == ">" })
      #expect(!svg.contains("http://") || svg.components(separatedBy: "http").count == 2)
    }
  }

  @Test func `of half a million areas is as large as one of two`() throws {
    var blocks: [Mapfile.Block] = []
    for index in 0..<500_000 as Range<UInt64> {
      blocks.append(
        Mapfile.Block(
          ByteOffset(index * 4096)..<ByteOffset((index + 1) * 4096),
          index % 2 == 0 ? .finished : index == 250_001 ? .bad : .nonTrimmed))
    }
    let map = try Mapfile(blocks: blocks)
    let picture = MapfilePicture(map, columns: 64, rows: 32)
    #expect(picture.cells.cells.count { $0 == .bad } == 1)
    #expect(picture.cells.cells.count { $0 == .nonTrimmed } == 64 * 32 - 1)
    #expect(MapfilePicture.svg(map, title: "x", .english).utf8.count < 20_000)
  }
}

@Suite struct `A list of damaged files` {
  private func list() throws -> DamageList {
    let map = try Mapfile(blocks: [
      Mapfile.Block(0..<100, .finished), Mapfile.Block(100..<200, .bad),
      Mapfile.Block(200..<300, .finished),
    ])
    var list = DamageList(map)
    for (name, range) in [("=1+1\",x", 90..<190), ("plain", 199..<299)]
      as [(RawName, Range<ByteOffset>)]
    {
      list.add(
        Finding(
          volume: 1, origin: .live, name: name, size: 100, content: [Extent(range)], evidence: [],
          key: 1)
      ) { $0.name?.bytes ?? [] }
    }
    list.finish()
    list.blindSpots = [DamageList.BlindSpot(folder: "1-ext4", count: 4096)]
    return list
  }

  @Test func `names bytes, share and reason, and what may be missing`() throws {
    let report = DamageReport(try list())
    let english = try text { try report.render(.english, $0) }.split(separator: "\n")
    #expect(english[0].hasSuffix("90 bytes    90.00 %  bad          =1+1\",x"))
    #expect(english[1].hasSuffix("1 bytes     1.00 %  bad          plain"))
    #expect(english[2] == "2 damaged files of 2; 91 bytes of the medium lost in them")
    #expect(english[3].hasPrefix("! 1-ext4: 4,096 bytes of the file system's own structures"))
    let french = try text { try report.render(.french, $0) }
    #expect(french.contains("2 fichiers endommagés sur 2 ; 91 octets du support y sont perdus"))
  }

  @Test func `is one JSON document`() throws {
    struct Document: Decodable {
      struct File: Decodable {
        let path: String; let lost: UInt64; let share: Double; let bad: UInt64
      }
      let schema: String
      let damaged: Int
      let files: [File]
    }
    let report = DamageReport(try list())
    let json = try text { try report.renderJSON($0) }
    let document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
    #expect(document.schema == "renflou-map-files-1" && document.damaged == 2)
    #expect(document.files.map(\.path) == ["=1+1\",x", "plain"])
    #expect(document.files.map(\.share) == [0.9, 0.01])
    #expect(document.files.map(\.bad) == [90, 1])
  }

  @Test func `is no formula in a spreadsheet`() throws {
    let report = DamageReport(try list())
    let lines = try text { try report.renderCSV($0) }.split(separator: "\r\n")
    #expect(lines[1] == "\"'=1+1\"\",x\",100,90,0.9,0,0,0,90,0,0,0")
    #expect(lines.allSatisfy { $0.split(separator: ",").count >= 11 })
  }
}
