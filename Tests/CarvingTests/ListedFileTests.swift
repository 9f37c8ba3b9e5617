// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import FileFormats
import Findings
import Fixtures
import Testing

@testable import Carving

@Suite struct `Files of which a list of blocks is left` {
  private static let block = 1024

  /// A bitmap of noise: its format knows its size, and nothing of its bytes.
  private static let bitmap: [UInt8] = {
    var noise = Noise(state: 5)
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let size = 54 + 64 * 64 * 4
    return [0x42, 0x4D] + little(size, 4) + little(0, 4) + little(54, 4) + little(40, 4)
      + little(64, 4) + little(64, 4) + little(1, 2) + little(32, 2) + little(0, 4)
      + little(64 * 64 * 4, 4) + little(2835, 4) + little(2835, 4) + little(0, 8)
      + noise.bytes(64 * 64 * 4)
  }()

  /// Twelve blocks of the file from block 1 on, its list, the rest; then as many blocks of noise.
  private static let disk: [UInt8] = {
    var noise = Noise(state: 6)
    let zeros = [UInt8](repeating: 0, count: block)
    let rest = Array(bitmap[(12 * block)...])
    let padding = [UInt8](repeating: 0, count: (block - rest.count % block) % block)
    return zeros + bitmap[..<(12 * block)] + noise.bytes(block) + rest + padding
      + noise.bytes(8 * block)
  }()

  private func range(_ blocks: Range<Int>) -> Extent {
    Extent(
      ByteOffset(
        UInt64(blocks.lowerBound * Self.block))..<ByteOffset(
          UInt64(blocks.upperBound * Self.block)))
  }

  private func answers(_ lists: [[Range<Int>]], workers: Int = 2) throws -> [Carved?] {
    let medium = Source(MemoryMedium(Self.disk))
    let carver = Carver(space: CarvingSpace(on: medium, space: RangeSet(medium.range)))
    var carving = ListedCarving(carver: carver, workers: workers)
    let files = lists.map {
      ListedFile($0.map(range), blockSize: ByteCount(UInt64(Self.block)), assumed: nil)
    }
    return try carving.answers(for: files).map {
      if case .carved(let carved) = $0 { carved } else { nil }
    }
  }

  private static let blocks = (bitmap.count + block - 1) / block

  @Test(arguments: [1, 3])
  func `lie as the list says, though their format could not tell`(workers: Int) throws {
    let list = [1..<13, 14..<(Self.blocks + 2)]
    let file = try #require(try answers([list], workers: workers).first ?? nil)
    let source = Source(MemoryMedium(Self.disk)).joined(file.content)
    #expect(try source.read(at: 0, count: source.length) == Self.bitmap)
    let finding = file.finding(volume: 0)
    #expect(finding.evidence.contains(.blockListSurvived) && finding.verdict > .verified)
  }

  @Test func `are not taken from a list that is too long, too short or of another file`() throws {
    let end = Self.blocks + 2
    let lists = [[1..<13, 14..<(end + 2)], [1..<13, 14..<(end - 1)], [2..<14, 15..<end]]
    #expect(try answers(lists).allSatisfy { $0 == nil })
  }
}
