// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing

@testable import FileFormats

@Suite struct `A movie without its index` {
  private static let movie = MovieFixture(frames: 40, sizes: [900, 300, 2500], seed: 3, sound: 640)
  private static let other = MovieFixture(frames: 20, sizes: [400], seed: 4, sound: 640)

  private func mended(_ bytes: [UInt8], by references: [[UInt8]]) throws -> (Mend, [UInt8])? {
    let known = references.compactMap { MovieReference(Source(bytes: $0)) }
    guard let mend = try Mending.mend(Source(bytes: bytes), format: "mp4", references: known) else {
      return nil
    }
    let content = try mend.applied(to: [Extent(bytes: bytes)])
    let file = Source(nil, extents: content, name: "mended")
    return (mend, try file.read(at: 0, count: file.length))
  }

  /// How many samples each track has.
  private func samples(_ bytes: [UInt8]) throws -> [UInt32] {
    try Source(bytes: bytes).places(of: Array("stsz".utf8), in: Source(bytes: bytes).range, most: 9)
      .map { try Source(bytes: bytes).big(UInt32.self, at: $0 + 12) }
  }

  @Test func `plays by that of another one of its camera`() throws {
    let lost = Array(Self.movie.bytes[..<Self.movie.index])
    let (mend, bytes) = try #require(try mended(lost, by: [Self.other.bytes]))
    #expect(mend.repair == .movieIndexByReference)
    #expect(mend.patches.isEmpty)
    #expect(Array(bytes[..<lost.count]) == lost)
    #expect(try examine(.isoMedia, bytes).end == .complete)
    #expect(try samples(bytes) == samples(Self.movie.bytes))
  }

  @Test func `needs no other where parameter sets stand among its frames`() throws {
    let movie = MovieFixture(frames: 30, sizes: [700, 90], seed: 9, isInBand: true)
    let (mend, bytes) = try #require(try mended(Array(movie.bytes[..<movie.index]), by: []))
    #expect(mend.repair == .movieIndex)
    #expect(try examine(.isoMedia, bytes).end == .complete)
    #expect(try samples(bytes) == [30])
  }

  @Test func `plays up to where it is cut`() throws {
    let lost = Array(Self.movie.bytes[..<(Self.movie.index / 2)]) + junk(30_000, seed: 5)
    let (_, bytes) = try #require(try mended(lost, by: [Self.other.bytes]))
    #expect(try examine(.isoMedia, bytes).end == .complete)
    let count = try #require(try samples(bytes).first)
    #expect((17...21).contains(count))
  }

  @Test func `is not made up without parameter sets`() throws {
    let lost = Array(Self.movie.bytes[..<Self.movie.index])
    #expect(try mended(lost, by: []) == nil)
  }

  @Test func `is read past an index in front that was written over`() throws {
    let brand = Array(Self.movie.bytes[..<24])
    let lost = brand + junk(3000, seed: 8) + Array(Self.movie.bytes[24..<Self.movie.index])
    let reach = try Mending.reach(
      of: Source(bytes: lost), .isoMedia, examine(.isoMedia, lost))
    #expect(reach == ByteCount(clamping: lost.count))
    let (_, bytes) = try #require(try mended(lost, by: [Self.other.bytes]))
    #expect(try examine(.isoMedia, bytes).end == .complete)
  }

  @Test func `is bounded whatever the bytes`() throws {
    var random = Noise(state: 6)
    let reference = try #require(MovieReference(Source(bytes: Self.other.bytes)))
    for round in 0..<200 {
      var bytes = Array(Self.movie.bytes[..<Self.movie.index])
      for _ in 0...(round % 9) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      let cut = Array(bytes[..<Int.random(in: 0..<bytes.count, using: &random)])
      if let mend = try Mending.mend(Source(bytes: cut), format: "mp4", references: [reference]) {
        #expect(mend.kept <= ByteCount(clamping: cut.count))
      }
      _ = MovieReference(Source(bytes: cut))
    }
  }
}
