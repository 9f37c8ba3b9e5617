// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import SignatureScan

@Suite struct `Classes of blocks` {
  private static let block = 4096

  private static func noise(_ count: Int, seed: UInt64 = 3) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
  }

  private static let french = Array(
    String(repeating: "Ça suffit, dit l'élève ; le résumé est prêt.\r\n", count: 100).utf8)

  /// Small numbers and many repeats, with control characters among them.
  private static var table: [UInt8] {
    var bytes: [UInt8] = []
    for index in 0..<block { bytes.append(index % 3 == 0 ? 5 : UInt8(index / 128)) }
    return bytes
  }

  private static let examples: [(BlockClass, [UInt8])] = [
    (.zero, [UInt8](repeating: 0, count: block)),
    (.constant, [UInt8](repeating: 0xFF, count: block)),
    (.text, Array(french.prefix(block))), (.dense, noise(block)), (.other, table),
  ]

  @Test(arguments: examples)
  func `each is told by its bytes`(kind: BlockClass, bytes: [UInt8]) {
    let runs = bytes.withSpan { BlockClassifier.runs(in: $0) }
    #expect(runs == [ClassRun(kind, length: 4096)])
  }

  @Test func `random blocks are dense, nearly all`() {
    let runs = Self.noise(4096 * 500).withSpan { BlockClassifier.runs(in: $0) }
    let dense = runs.filter { $0.kind == .dense }.reduce(ByteCount(0)) {
      $0.addingClamped($1.length)
    }
    #expect(dense >= ByteCount(UInt64(4096 * 490)))
  }

  @Test func `neighbours of one class are one run, and the last block may be short`() {
    let bytes = [UInt8](repeating: 0, count: 3 * 4096) + Self.noise(4096 + 100)
    let runs = bytes.withSpan { BlockClassifier.runs(in: $0) }
    #expect(runs == [ClassRun(.zero, length: 12_288), ClassRun(.dense, length: 4196)])
  }

  @Test func `a block of any length has a class`() {
    for length in 0..<300 {
      let runs = Self.noise(length).withSpan { BlockClassifier.runs(in: $0) }
      let sum = runs.reduce(ByteCount(0)) { $0.addingClamped($1.length) }
      #expect(sum == ByteCount(clamping: length))
    }
  }
}
