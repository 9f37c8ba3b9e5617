// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing
import Volumes

@testable import Ext

@Suite struct `Blocks of block numbers` {
  /// Free from block 10 on, with these blocks in it.
  private func findings(_ blocks: [Int: [UInt32]]) throws -> [Finding] {
    var builder = VolumeBuilder()
    var bitmap = Block()
    bitmap.put(0, [0xFF, 0x01])
    builder.put(3, bitmap.bytes)
    for (number, pointers) in blocks {
      var block = Block()
      for (index, pointer) in pointers.enumerated() { block.little(4 * index, pointer) }
      builder.put(number, block.bytes)
    }
    let volume = try #require(try ExtVolume.open(builder.source()))
    var found: [Finding] = []
    try volume.visit(number: 1, landmarks: []) { found.append($0) }
    return found
  }

  private func range(_ blocks: Range<UInt64>) -> Range<ByteOffset> {
    ByteOffset(blocks.lowerBound << 10)..<ByteOffset(blocks.upperBound << 10)
  }

  @Test func `give a file its first twelve blocks from before the thirteenth`() throws {
    let file = try #require(try findings([12: [32, 33, 34, 40, 41]]).first)
    #expect(file.content.mediumRanges == [range(20..<35), range(40..<42)])
    #expect(file.evidence.contains(.sizeGuessed) && file.verdict == .probable)
  }

  @Test func `that lie amid their file are skipped`() throws {
    let file = try #require(try findings([32: [33, 34, 35, 36, 37]]).first)
    #expect(file.content.mediumRanges == [range(20..<32), range(33..<38)])
  }

  @Test func `of which there is but one number are no more than a guess`() throws {
    #expect(try findings([12: [32]]).map(\.verdict) == [.guessed])
  }

  @Test(arguments: [[9999], [32, 32], [32, 31, 30, 29], [32, 0, 33], [5, 6, 7]] as [[UInt32]])
  func `are none that hold other numbers`(_ numbers: [UInt32]) throws {
    #expect(try findings([12: numbers]).isEmpty)
  }

  @Test func `that name each other end`() throws {
    _ = try findings([12: [13, 14], 13: [12, 14], 14: [14, 12]])
    _ = try findings([30: (20..<60).map { UInt32($0) }, 31: [30, 31, 32]])
  }
}
