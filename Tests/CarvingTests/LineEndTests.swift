// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import SignatureScan
import Testing

@testable import Carving

/// A medium in memory.
private final class Memory: Medium {
  let name = "memory"
  let bytes: [UInt8]
  var length: ByteCount { ByteCount(clamping: bytes.count) }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let start = Int(offset.rawValue)
    bytes[start..<(start + target.count)].withUnsafeBytes { target.copyMemory(from: $0) }
  }
}

@Suite struct `A line end behind a file` {
  private let format = FileFormat(
    id: "ten", name: "Ten bytes", category: .document, validation: .structure,
    signatures: [Signature([1, 2])], maximumSize: 600
  ) { _ in .complete(at: 10, evidence: [.structureHolds(format: "ten", length: 10)]) }

  private func length(at start: Int, behind: [UInt8]) -> ByteCount? {
    let bytes = [UInt8](repeating: 7, count: start + 10) + behind
    let whole = Source(Memory(bytes + [UInt8](repeating: 0, count: 2048 - bytes.count)))
    let carver = Carver(space: CarvingSpace(on: whole, space: RangeSet(whole.range)))
    return carver.examine(Candidate(format: format, offset: ByteOffset(UInt64(start))))?.examination
      .length
  }

  @Test func `is its own where zeros fill the sector`() {
    #expect(length(at: 512, behind: [0x0A]) == 11)
    #expect(length(at: 512, behind: [0x0D, 0x0A]) == 12)
  }

  @Test func `is not where something else follows, or no sector begins`() {
    #expect(length(at: 512, behind: []) == 10)
    #expect(length(at: 512, behind: [0x0A, 5]) == 10)
    #expect(length(at: 512, behind: [0x41]) == 10)
    #expect(length(at: 516, behind: [0x0A]) == 10)
  }

  @Test func `makes the verdict probable`() throws {
    let bytes = [UInt8](repeating: 7, count: 10) + [0x0A] + [UInt8](repeating: 0, count: 501)
    let whole = Source(Memory(bytes))
    let carver = Carver(space: CarvingSpace(on: whole, space: RangeSet(whole.range)))
    let carved = try #require(carver.examine(Candidate(format: format, offset: 0)))
    #expect(carved.finding(volume: 0).verdict == .probable)
  }
}
