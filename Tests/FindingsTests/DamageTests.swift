// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Findings

@Suite struct `Damage to files` {
  private let map: Mapfile

  init() throws {
    map = try Mapfile(blocks: [
      Mapfile.Block(0..<100, .finished), Mapfile.Block(100..<110, .bad),
      Mapfile.Block(110..<115, .nonTrimmed), Mapfile.Block(115..<1000, .finished),
    ])
  }

  private func finding(
    _ name: RawName, _ content: [Extent], origin: Finding.Origin = .live,
    kind: Finding.Kind = .file
  ) -> Finding {
    Finding(
      volume: 1, origin: origin, kind: kind, name: name, size: content.length, content: content,
      evidence: [], key: 1)
  }

  private func list(_ findings: [Finding]) -> DamageList {
    var list = DamageList(map)
    for finding in findings { list.add(finding) { $0.name?.bytes ?? [] } }
    list.finish()
    return list
  }

  @Test func `is counted by the status of each place`() {
    let content = [
      Extent(90..<112), Extent(.hole, count: 50), Extent(bytes: [1]), Extent(200..<210),
    ]
    let loss = Loss(of: content, on: UnreadBlocks(map))
    #expect(loss.counts == [.bad: 10, .nonTrimmed: 2])
    #expect(loss.total == 12 && loss.places == [100..<110, 110..<112])
  }

  @Test func `takes a compressed piece as a whole`() {
    let piece = Packed(.zlib, stored: [105..<108, 112..<114], length: 4000)
    let loss = Loss(of: [Extent(.packed(piece), count: 4000)], on: UnreadBlocks(map))
    #expect(loss.counts == [.bad: 4000])
    #expect(loss.places == [105..<108, 112..<114])
  }

  @Test func `is listed by path, with its share`() {
    let files = [
      finding("b", [Extent(0..<20), Extent(100..<105)]), finding("a", [Extent(114..<116)]),
      finding("sound", [Extent(200..<300)]), finding("folder", [], kind: .folder),
    ]
    let damage = list(files)
    #expect(damage.examined == 3)
    #expect(damage.files.map(\.path) == [Array("a".utf8), Array("b".utf8)])
    #expect(damage.files.map(\.share) == [0.5, 0.2])
    #expect(damage.lost == 6)
  }

  @Test func `that two names share is lost once`() {
    let damage = list([finding("b", [Extent(100..<105)]), finding("a", [Extent(100..<105)])])
    #expect(damage.files.count == 2 && damage.lost == 5)
  }

  @Test func `of a name alone is all of it, of a deleted one nobody's fault`() {
    let lost = [Extent(.lost, count: 0)]
    let damage = list([
      finding("live", lost), finding("gone", lost, origin: .undelete),
      finding("unplaced", [Extent(.lost, count: 9)]), finding("folder", lost, kind: .folder),
    ])
    #expect(
      damage.files.map { String(decoding: $0.path, as: UTF8.self) }
        == ["folder", "live", "unplaced"])
    #expect(damage.files.allSatisfy { $0.share == 1 })
  }
}
