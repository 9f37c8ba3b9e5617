// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `renflou map`, beside ddrescuelog where it is installed.
@Suite struct `maps` {
  private static let ddrescuelog = Command.tool("ddrescuelog")

  /// A map of random areas, some of which begin later.
  private func write(_ name: String, seed: UInt64, in work: Workspace) throws {
    var state = seed
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    let marks = Array("+++-*/?")
    var position = random(3) * 512
    var text =
      "# a map\n0x\(String(random(90_000), radix: 16)) \(Array("?*/-FG+")[Int(random(7))]) \(1 + random(5))\n"
    for _ in 0..<1 + random(40) {
      let size = 1 + random(2000)
      text += "0x\(String(position, radix: 16)) \(size) \(marks[Int(random(7))])\n"
      position += size
    }
    try Data(text.utf8).write(to: URL(filePath: work(name)))
  }

  /// The lines of a map but for comments, as fields.
  private func fields(_ map: String) -> [[Substring]] {
    map.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
  }

  @Test(.enabled(if: ddrescuelog != nil, "ddrescuelog is missing"))
  func `combine as ddrescuelog does`() throws {
    let work = try Workspace()
    let tool = try #require(Self.ddrescuelog)
    for seed in 0..<12 as Range<UInt64> {
      try write("a", seed: seed * 2, in: work)
      try write("b", seed: seed * 2 + 1, in: work)
      for (mine, its) in [("--and", "-y"), ("--or", "-z"), ("--xor", "-x")] {
        let own = try Command.run("map", work("a"), mine, work("b"), in: work)
        let other = try Command.run(program: tool, [its, work("b"), work("a")], in: work)
        #expect(own.status == 0 && other.status == 0)
        #expect(fields(own.output) == fields(other.output), "seed \(seed) \(mine)")
      }
      let own = try Command.run("map", work("a"), "--invert", in: work)
      let other = try Command.run(program: tool, ["-n", work("a")], in: work)
      #expect(fields(own.output) == fields(other.output), "seed \(seed)")
      for second in ["a", "b"] {
        let own = try Command.run("map", work("a"), "--compare", work(second), in: work)
        let other = try Command.run(program: tool, ["-p", work(second), work("a")], in: work)
        #expect(own.status == other.status, "seed \(seed) \(second)")
      }
    }
  }

  @Test(.enabled(if: ddrescuelog != nil, "ddrescuelog is missing"))
  func `are summed up as ddrescuelog does`() throws {
    struct Document: Decodable {
      struct Total: Decodable { let bytes: UInt64; let areas: Int }
      let length: UInt64
      let areas: Int
      let position: UInt64
      let phase: String
      let statuses: [String: Total]
    }
    let work = try Workspace()
    let tool = try #require(Self.ddrescuelog)
    for seed in 100..<112 as Range<UInt64> {
      try write("a", seed: seed, in: work)
      let own = try Command.run("map", work("a"), "--json", in: work)
      let json = try JSONDecoder().decode(Document.self, from: Data(own.output.utf8))
      let status = try Command.run(program: tool, ["-t", work("a")], in: work).output
      for (word, field) in [
        ("non-tried", "nonTried"), ("rescued", "rescued"), ("non-trimmed", "nonTrimmed"),
        ("non-scraped", "nonScraped"), ("bad-sector", "bad"),
      ] {
        let line = try #require(status.split(separator: "\n").first { $0.contains(word + ":") })
        let numbers = line.split { !$0.isNumber }.map(String.init)
        let total = try #require(json.statuses[field])
        #expect(
          Array(numbers.prefix(2)) == ["\(total.bytes)", "\(total.areas)"], "\(seed) \(line)")
      }
      #expect(status.contains("\(json.position) B,  current status: \(json.phase)\n"))
      let extent = try #require(
        status.split(separator: "\n").first { $0.hasPrefix("mapfile extent") })
      #expect(
        extent.split { !$0.isNumber }.map(String.init) == ["\(json.length)", "\(json.areas)"])
    }
  }

  @Test func `say by their exit code whether all is rescued, and where they differ`() throws {
    let work = try Workspace()
    try Data("0 + 1\n0 4096 +\n".utf8).write(to: URL(filePath: work("whole")))
    try Data("0 + 1\n0 2048 +\n2048 2048 -\n".utf8).write(to: URL(filePath: work("half")))
    #expect(try Command.run("map", work("whole"), in: work).status == 0)
    let half = try Command.run("map", work("half"), "--lang", "fr", in: work)
    #expect(half.status == 2 && half.output.contains("plus grande zone défectueuse : 2"))
    let compared = try Command.run("map", work("half"), "--compare", work("whole"), in: work)
    #expect(compared.status == 1)
    #expect(compared.output.hasPrefix("byte 2,048, 2,048 bytes: bad here, rescued there\n"))
    #expect(try Command.run("map", work("nothing"), in: work).status == 66)
    #expect(try Command.run("map", work("half"), "--and", "a", "--or", "b", in: work).status == 64)
    #expect(try Command.run("map", work("half"), "--csv", in: work).status == 64)
    try Data("no map".utf8).write(to: URL(filePath: work("text")))
    let broken = try Command.run("map", work("text"), in: work)
    #expect(broken.status == 66 && broken.talk.contains(work("text")))
  }

  @Test func `go to a new file, and never over an old one`() throws {
    let work = try Workspace()
    try Data("0 + 1\n0 2048 +\n2048 2048 -\n".utf8).write(to: URL(filePath: work("a")))
    let made = try Command.run("map", work("a"), "--invert", "-o", work("b"), in: work)
    #expect(made.status == 0 && made.output.isEmpty)
    #expect(
      fields(String(decoding: try work.bytes("b"), as: UTF8.self)).dropFirst().map {
        $0.map(String.init)
      }
        == [["0x00000000", "0x00000800", "-"], ["0x00000800", "0x00000800", "+"]])
    let before = try work.bytes("a")
    #expect(try Command.run("map", work("b"), "--invert", "-o", work("a"), in: work).status == 73)
    #expect(try work.bytes("a") == before)
    let drawn = try Command.run("map", work("a"), "--draw", "svg", "-o", work("a.svg"), in: work)
    #expect(drawn.status == 0)
    #expect(String(decoding: try work.bytes("a.svg"), as: UTF8.self).hasPrefix("<svg"))
  }
}
