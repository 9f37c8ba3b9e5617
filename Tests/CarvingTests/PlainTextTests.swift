// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Carving

@Suite struct `Plain text` {
  /// What clusters of 64 bytes give, from offset 0 on.
  private func texts(_ clusters: [[UInt8]]) -> [PlainText.Text] {
    var run = PlainText()
    var found: [PlainText.Text] = []
    for (index, cluster) in clusters.enumerated() {
      let bytes = cluster + [UInt8](repeating: 0, count: 64 - cluster.count)
      if let text = bytes.withSpan({ run.add($0, at: ByteOffset(UInt64(index * 64))) }) {
        found.append(text)
      }
    }
    if let text = run.finish() { found.append(text) }
    return found
  }

  private func filled(_ text: String) -> [UInt8] {
    Array(String(repeating: text, count: 64).utf8.prefix(64))
  }

  private let noise: [UInt8] = (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 131) }

  @Test func `ends where its cluster is filled up with zeros`() {
    let found = texts([filled("été à la plage, "), Array("fin.\n".utf8), Array("autre".utf8)])
    #expect(found.map(\.content.length) == [69, 5])
    #expect(found.map(\.start) == [0, 128])
    #expect(found.allSatisfy { !$0.isCut })
  }

  @Test func `of an old code page is text too`() {
    let bytes: [UInt8] = [
      0x6C, 0x27, 0xE9, 0x74, 0xE9, 0x20, 0x66, 0x69, 0x6E, 0x69, 0x2E, 0x2E, 0x0A,
    ]
    #expect(texts([bytes]).count == 1)
  }

  @Test(
    arguments: [
      [UInt8](repeating: 0x41, count: 20), [0x80, 0x41, 0x42], [0x41, 0, 0x42], [1, 2, 3], [],
    ] as [[UInt8]])
  func `is nothing else`(_ bytes: [UInt8]) { #expect(texts([bytes]).isEmpty) }

  @Test func `that noise cuts is kept if it ends a line`() {
    let line = Array(filled("word ").dropLast()) + [0x0A]
    #expect(texts([line, noise]).map(\.content.length) == [64])
    #expect(texts([filled("word "), noise]).isEmpty)
  }
}
