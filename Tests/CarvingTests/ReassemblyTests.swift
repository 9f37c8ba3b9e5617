// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import FileFormats
import Findings
import Fixtures
import Testing

@testable import Carving

@Suite struct `Files in pieces` {
  private static let block = 4096

  /// A picture whose data nobody could guess, in chunks that no block ends with.
  private static func picture(seed: UInt64, chunks: Int) -> [UInt8] {
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
      var crc = CRC32(.iso)
      crc.update(Array(type.utf8) + data)
      return big(UInt32(data.count)) + Array(type.utf8) + data + big(crc.value)
    }
    func big(_ value: UInt32) -> [UInt8] {
      stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
    var noise = Noise(state: seed)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(64) + big(64) + [8, 0, 0, 0, 0])
      + (0..<chunks).flatMap { _ in chunk("IDAT", noise.bytes(5000)) } + chunk("IEND", [])
  }

  private static let one = picture(seed: 1, chunks: 5)
  private static let other = picture(seed: 2, chunks: 4)

  /// Pieces of files, or so many blocks of noise, one behind the other from a block on.
  private func disk(_ parts: [[UInt8]]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.block)
    for part in parts {
      bytes += part
      bytes += [UInt8](repeating: 0, count: (Self.block - bytes.count % Self.block) % Self.block)
    }
    return bytes + [UInt8](repeating: 0, count: Self.block)
  }

  private func noise(_ blocks: Int) -> [UInt8] {
    var noise = Noise(state: UInt64(blocks) + 99)
    return noise.bytes(blocks * Self.block)
  }

  private func piece(_ file: [UInt8], _ blocks: Range<Int>) -> [UInt8] {
    Array(file[(blocks.lowerBound * Self.block)..<min(file.count, blocks.upperBound * Self.block)])
  }

  private func joined(
    _ bytes: [UInt8], starts: [Int], format: FileFormat = .png, known: [Reassembly.Known] = [],
    effort: Effort = .normal, workers: Int = 2
  ) throws -> [Carved] {
    let medium = Source(MemoryMedium(bytes))
    // Files elsewhere, which say how large blocks are.
    let others = (0..<6).map { index in
      Reassembly.Known(
        finding(at: ByteOffset(UInt64(0x100_0000 + index * Self.block)), count: 512))
    }
    var run = Reassembly(
      on: medium, space: RangeSet(medium.range), defects: RangeSet(),
      known: known + (format.id == "png" ? [] : others),
      candidates: starts.map {
        Candidate(format: format, offset: ByteOffset(UInt64($0 * Self.block)))
      }, effort: effort, workers: workers)
    return try run.run().files
  }

  /// A whole file that carving found.
  private func finding(
    at start: ByteOffset, count: ByteCount, isDecoded: Bool = true
  ) -> Finding {
    let examination = Examination.complete(
      at: ByteOffset(count.rawValue),
      evidence: [
        .headerMatched("jpg"), .structureHolds(format: "JPEG", length: count),
        isDecoded ? .decoded("JPEG") : .endReasoned,
      ])
    return Carved(
      format: .jpeg, start: start, content: [Extent(.medium(start), count: count)],
      examination: examination, unreadable: 0
    ).finding(volume: 0)
  }

  /// An archive whose second member begins with the fifth block.
  private static let archive: [UInt8] = {
    func member(_ name: String, _ data: [UInt8]) -> [UInt8] {
      func octal(_ value: Int, _ digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
      }
      func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
      let front =
        Array(name.utf8) + zeros(100 - name.utf8.count) + octal(0o644, 7) + [0] + octal(0, 7) + [0]
        + octal(0, 7) + [0] + octal(data.count, 11) + [0] + octal(1_700_000_000, 11) + [0]
      let back = Array("0".utf8) + zeros(100) + Array("ustar\0".utf8) + Array("00".utf8)
      let header = front + Array("        ".utf8) + back
      let sum = octal(header.reduce(0) { $0 + Int($1) }, 6) + [0, 0x20]
      return Array(header[..<148]) + sum + Array(header[156...]) + zeros(512 - header.count) + data
        + zeros((512 - data.count % 512) % 512)
    }
    var noise = Noise(state: 12)
    return member("one", noise.bytes(4 * block - 512)) + member("two", noise.bytes(6000))
      + [UInt8](repeating: 0, count: 1024)
  }()

  private static func letters(_ blocks: Int) -> [UInt8] {
    (0..<blocks * block).map { Array("the words of a letter ".utf8)[$0 % 22] }
  }

  private func content(_ file: Carved, of bytes: [UInt8]) throws -> [UInt8] {
    let source = Source(MemoryMedium(bytes)).joined(file.content)
    return try source.read(at: 0, count: source.length)
  }

  @Test func `are found behind a gap and verified`() throws {
    let bytes = disk([piece(Self.one, 0..<3), noise(9), piece(Self.one, 3..<9)])
    let file = try #require(joined(bytes, starts: [1]).first)
    #expect(try content(file, of: bytes) == Self.one)
    let finding = file.finding(volume: 0)
    #expect(finding.verdict == .verified)
    #expect(finding.evidence.contains(.piecesJoined(2)))
  }

  @Test func `are found before their start`() throws {
    let bytes = disk([piece(Self.one, 4..<9), noise(3), piece(Self.one, 0..<4), noise(2)])
    let file = try #require(joined(bytes, starts: [7]).first)
    #expect(try content(file, of: bytes) == Self.one)
  }

  @Test func `that are braided come apart, whatever the number of workers`() throws {
    let bytes = disk([
      piece(Self.one, 0..<2), piece(Self.other, 0..<3), piece(Self.one, 2..<9),
      piece(Self.other, 3..<9),
    ])
    let files = try joined(bytes, starts: [1, 3], workers: 1)
    #expect(try files.map { try content($0, of: bytes) } == [Self.one, Self.other])
    let again = try joined(bytes, starts: [1, 3], workers: 4)
    #expect(again.map(\.content) == files.map(\.content))
  }

  @Test func `of three pieces are put together one by one`() throws {
    let bytes = disk([
      piece(Self.one, 0..<2), noise(4), piece(Self.one, 2..<4), noise(3), piece(Self.one, 4..<9),
    ])
    let file = try #require(joined(bytes, starts: [1]).first)
    #expect(try content(file, of: bytes) == Self.one)
    #expect(file.content.count == 3)
  }

  @Test func `of an archive are one file, although a part looks like an archive`() throws {
    let bytes = disk([
      piece(Self.archive, 0..<2), Self.letters(3), piece(Self.archive, 2..<6),
    ])
    let files = try joined(bytes, starts: [1, 8], format: .tar)
    #expect(try files.map { try content($0, of: bytes) } == [Self.archive])
    #expect(files.first?.finding(volume: 0).verdict == .guessed)
  }

  @Test func `are not parted by a part that lies wholly in one of them`() throws {
    let bytes = disk([
      piece(Self.archive, 0..<2), Self.letters(3), piece(Self.archive, 2..<6),
    ])
    let inside = Reassembly.Known(
      finding(at: ByteOffset(UInt64(Self.block + 1024)), count: 2000, isDecoded: false))
    let files = try joined(bytes, starts: [1, 8], format: .tar, known: [inside])
    #expect(try files.map { try content($0, of: bytes) } == [Self.archive])
  }

  @Test func `are not made up where the rest is gone`() throws {
    let bytes = disk([piece(Self.one, 0..<3), noise(40)])
    #expect(try joined(bytes, starts: [1]).isEmpty)
  }
}

@Suite struct `A grid of blocks` {
  @Test func `is the widest on which nearly all files begin`() {
    let starts = [0, 1, 3, 6, 10, 17, 40].map { ByteOffset(UInt64($0) * 4096 + 512) }
    #expect(BlockGrid(starts: starts) == BlockGrid(size: 4096, phase: 512))
    #expect(BlockGrid(starts: [4096, 8192]) == .sector)
  }
}
