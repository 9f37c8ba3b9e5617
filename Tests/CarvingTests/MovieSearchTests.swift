// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Fixtures
import Testing

@testable import Carving

@Suite struct `Movies that a camera wrote in turns` {
  private static let large = MovieFixture(frames: 90, sizes: [9000, 31_000, 14_000], seed: 11)
  private static let small = MovieFixture(frames: 90, sizes: [1500, 2300], seed: 12, columns: 8)

  /// Both, cluster run by cluster run, behind a sector of zeros.
  private func disk(_ run: Int, share: Int) -> (bytes: [UInt8], starts: [Int]) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var rest = [Self.large.bytes[...], Self.small.bytes[...]]
    var starts: [Int] = []
    while rest.contains(where: { !$0.isEmpty }) {
      for index in rest.indices where !rest[index].isEmpty {
        if starts.count <= index { starts.append(bytes.count) }
        let count = index == 0 ? run : run / share
        bytes += rest[index].prefix(count)
        rest[index] = rest[index].dropFirst(count)
        bytes += [UInt8](repeating: 0, count: (4096 - bytes.count % 4096) % 4096)
      }
    }
    return (bytes + [UInt8](repeating: 0, count: 8192), starts)
  }

  @Test(arguments: [(32_768, 1), (131_072, 1), (131_072, 8), (524_288, 1)])
  func `come apart`(_ run: Int, _ share: Int) throws {
    let (bytes, starts) = disk(run, share: share)
    func files(_ workers: Int) throws -> [Carved] {
      let medium = Source(MemoryMedium(bytes))
      var run = Reassembly(
        on: medium, space: RangeSet(medium.range), defects: RangeSet(), known: [],
        candidates: starts.map {
          Candidate(format: .isoMedia, offset: ByteOffset(UInt64($0)))
        }, effort: .normal, workers: workers)
      return try run.run().files
    }
    let found = try files(2)
    let contents = try found.map {
      let file = Source(MemoryMedium(bytes)).joined($0.content)
      return try file.read(at: 0, count: file.length)
    }
    #expect(contents == [Self.large.bytes, Self.small.bytes])
    #expect(found.allSatisfy { !$0.isJoined || $0.finding(volume: 0).verdict == .guessed })
    #expect(try files(1).map(\.content) == found.map(\.content))
  }
}
