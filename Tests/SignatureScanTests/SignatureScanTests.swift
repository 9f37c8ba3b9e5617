// SPDX-License-Identifier: Apache-2.0

import Bytes
import CSignatureScan
import Testing

@testable import SignatureScan

/// Strong and weak, aligned, masked, at offsets, mostly of zeros: one of each kind of trouble.
private let signatures: [Signature] = [
  Signature([0xFF, 0xD8, 0xFF]),
  Signature(masked: [.init(0xFF), .init(0xE0, mask: 0xE6)], alignment: 512),
  Signature([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
  Signature(Array("GIF8".utf8)),
  Signature([0x49, 0x49, 0x2A, 0x00]),
  Signature(Array("%PDF-".utf8)),
  Signature([0x50, 0x4B, 3, 4]),
  Signature(Array("ftyp".utf8), at: 4),
  Signature(
    masked: Array("RIFF".utf8).map { .init($0) } + Array(repeating: .init(0, mask: 0), count: 4)
      + Array("WAVE".utf8).map { .init($0) }),
  Signature([0x0C, 0, 1, 2, 0x2E, 0, 0, 0], at: 4, alignment: 1024),
  Signature([0, 0, 0, 0, 0x0C, 0, 0, 0xDE], alignment: 4),
  Signature([0x0A, 0xF3], alignment: 1024),
  Signature([0x2E] + Array(repeating: 0x20, count: 10), alignment: 512),
  Signature([0, 0, 0, 0x0C, 0x6A, 0x50]),
  Signature([0x50, 0x4B, 3, 4]),
  Signature(Array("SQLite format 3\0".utf8)), Signature([0x1F, 0x8B, 8]),
  Signature(Array("moov".utf8), at: 4), Signature(Array("mdat".utf8), at: 4),
  Signature([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), Signature(Array("ID3".utf8)),
]

private struct Generator {
  var state: UInt64
  mutating func next() -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33)
  }
}

/// The loops that this processor can run.
private let variants = Array(css_best_variant()...CSS_PLAIN.rawValue.signed)

extension UInt32 {
  fileprivate var signed: Int32 { Int32(self) }
}

/// One table for each, made once: making one takes longer than most scans of these tests.
private let tables = variants.map { SignatureTable(signatures, variant: $0) }

private func expectEqualToOracle(
  _ bytes: [UInt8], at base: UInt64, _ place: SourceLocation = #_sourceLocation
) {
  let expected = bytes.withSpan { Oracle(signatures).scan($0, at: base) }
  for (variant, table) in zip(variants, tables) {
    var hits: [SignatureHit] = []
    bytes.withSpan { table.scan($0, at: base, into: &hits) }
    #expect(hits == expected, "variant \(variant)", sourceLocation: place)
  }
}

@Suite struct `A scan finds what the oracle finds` {
  @Test func `in random bytes with signatures planted everywhere`() {
    var random = Generator(state: 1)
    var bytes = (0..<12_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for _ in 0..<600 {
      let elements = signatures[random.next() % signatures.count].elements
      let place = random.next() % (bytes.count - elements.count)
      for (index, element) in elements.enumerated() { bytes[place + index] = element.value }
    }
    expectEqualToOracle(bytes, at: 0)
    expectEqualToOracle(bytes, at: 7)
  }

  @Test func `at every place of spans of every length up to 200`() {
    let table = signatures.flatMap { $0.elements.map(\.value) }
    for count in Array(0...70) + [128, 200] {
      expectEqualToOracle(Array(table.shuffledByRotation(count).prefix(count)), at: 512)
    }
  }

  @Test(arguments: [[0x00], [0xFF], [0x20], [0x50, 0x4B, 3, 4], [0xFF, 0xD8], [0, 0, 0, 0x0C]])
  func `in one value or pattern without end`(pattern: [UInt8]) {
    expectEqualToOracle((0..<2500).map { pattern[$0 % pattern.count] }, at: 1024)
  }

  @Test func `where thousands of hits fill the buffer many times`() {
    let bytes = (0..<12_000).map { [0x50, 0x4B, 3, 4, 0xFF, 0xD8, 0xFF, 0][$0 % 8] as UInt8 }
    expectEqualToOracle(bytes, at: 0)
  }
}

@Suite struct `A table` {
  @Test func `never finds zeros`() {
    let table = SignatureTable([Signature([0, 0, 0, 0]), Signature([0x41])])
    var hits: [SignatureHit] = []
    [UInt8](repeating: 0, count: 1000).withSpan { table.scan($0, at: 0, into: &hits) }
    [UInt8](repeating: 0x41, count: 1000).withSpan { table.scan($0, at: 0, into: &hits) }
    #expect(hits.isEmpty)
  }

  @Test func `tells where the file starts, before the span too`() {
    let table = SignatureTable([Signature(Array("ftyp".utf8), at: 4)])
    var hits: [SignatureHit] = []
    Array("ftyp....ftyp".utf8).withSpan { table.scan($0, at: 0, into: &hits) }
    #expect(hits.map(\.position) == [-4, 4])
  }

  @Test func `of many signatures has at most eight buckets`() {
    let windows = signatures.compactMap { Window.rarest(in: $0)?.0 }
    #expect(Buckets(of: windows).all.count == 8)
  }
}

extension [UInt8] {
  fileprivate func shuffledByRotation(_ count: Int) -> [UInt8] {
    isEmpty ? self : Array(self[(count % self.count)...] + self[..<(count % self.count)])
  }
}
