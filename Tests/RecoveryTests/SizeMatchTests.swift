// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import Recovery

@Suite struct `Names and contents of one size` {
  private func name(_ id: Int64, _ size: ByteCount, _ type: String, _ place: RawName)
    -> SizeMatch.Side
  {
    SizeMatch.Side(id: id, size: size, type: type, place: [place])
  }

  private func content(_ id: Int64, _ size: ByteCount, _ type: String) -> SizeMatch.Side {
    SizeMatch.Side(id: id, size: size, type: type, place: [])
  }

  private func pairs(_ names: [SizeMatch.Side], _ contents: [SizeMatch.Side]) -> [Int64: [Int64]] {
    Dictionary(
      uniqueKeysWithValues: SizeMatch(names: names, contents: contents).pairs().map {
        ($0.content, $0.names)
      })
  }

  @Test func `belong together where each is the only one of its kind`() {
    let names = [name(1, 7549, "log", "a.log"), name(2, 23_895, "png", "b.png")]
    let contents = [content(8, 7549, "txt"), content(9, 23_895, "docx")]
    #expect(pairs(names, contents) == [8: [1]])
  }

  @Test func `do not where two names or two contents have the size`() {
    let twice = [name(1, 7549, "txt", "a.txt"), name(2, 7549, "txt", "b.txt")]
    #expect(pairs(twice, [content(8, 7549, "txt")]).isEmpty)
    let one = [name(1, 7549, "txt", "a.txt")]
    #expect(pairs(one, [content(8, 7549, "txt"), content(9, 7549, "txt")]).isEmpty)
  }

  @Test func `entries of one place are one`() {
    let twice = [name(2, 7549, "txt", "a.txt"), name(1, 7549, "txt", "a.txt")]
    #expect(pairs(twice, [content(8, 7549, "txt")]) == [8: [1, 2]])
  }

  @Test func `are left alone where many contents are about that large`() {
    let crowd = stride(from: UInt64(400), to: 600, by: 2).map {
      content(Int64($0), ByteCount($0), "txt")
    }
    #expect(pairs([name(1, 500, "txt", "a.txt")], crowd).isEmpty)
    #expect(pairs([name(1, 500, "txt", "a.txt")], [content(60, 500, "txt")]) == [60: [1]])
  }
}
