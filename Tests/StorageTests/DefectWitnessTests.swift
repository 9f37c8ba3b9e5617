// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Testing

@testable import Storage

@Suite struct `A witness of defects` {
  let folder = Folder()

  @Test func `remembers what was asked for in vain, and nothing else`() throws {
    let image = folder.file("disk.img", pattern(100_000))
    let map = try Mapfile(
      parsing: Array(
        "0 ? 1\n0 10000 +\n10000 512 -\n10512 1000 +\n11512 512 /\n12024 87976 +\n".utf8))
    let witness = DefectWitness(try openMedium(at: image, map: map), map: map)
    let source = Source(witness)
    _ = try source.read(at: 0, count: 5000)
    #expect(witness.misses.isEmpty)
    #expect(throws: ReadError.self) { try source.read(at: 10_100, count: 5000) }
    #expect(witness.misses == RangeSet([10_100..<10_512, 11_512..<12_024]))
    #expect(throws: ReadError.self) { try witness.withBytes(in: 9000..<10_001) { _ in } }
    #expect(witness.misses == RangeSet([10_000..<10_001, 10_100..<10_512, 11_512..<12_024]))
    try witness.withReadableBytes(in: 9000..<20_000) { _, _ in }
    #expect(witness.misses == RangeSet([10_000..<10_512, 11_512..<12_024]))
  }
}
