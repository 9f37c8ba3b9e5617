// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import SignatureScan
import Synchronization
import Testing

@testable import Carving

/// A medium of zeros that counts what is read of it.
private final class Zeros: Medium {
  let name = "zeros"
  let length: ByteCount
  let used = Atomic<UInt64>(0)

  init(_ length: ByteCount) { self.length = length }

  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    used.add(UInt64(target.count), ordering: .relaxed)
    target.initializeMemory(as: UInt8.self, repeating: 0)
  }
}

/// Reads so much of each candidate, from its start, and finds nothing.
private func greedy(_ megabytes: UInt64, times: Int) -> FileFormat {
  FileFormat(
    id: "greedy", name: "Greedy", category: .document, validation: .structure,
    signatures: [Signature([1, 2])], maximumSize: 0x1_0000_0000
  ) { file in
    for _ in 0..<times {
      for piece in 0..<megabytes {
        _ = try file.read(at: ByteOffset(piece << 20), count: 0x10_0000)
      }
    }
    return .broken(at: 0, problem: "nothing")
  }
}

@Suite struct `What carving costs` {
  private let length: ByteCount = 0x4000_0000

  private func run(_ format: FileFormat, candidates: Int, step: UInt64, workers: Int) throws -> (
    cutShort: Int, used: UInt64
  ) {
    let medium = Zeros(length)
    let source = Source(medium)
    let space = CarvingSpace(on: source, space: RangeSet(source.range))
    var run = CarvingRun(carver: Carver(space: space), workers: workers)
    try run.carve(
      (0..<candidates).map { Candidate(format: format, offset: ByteOffset(UInt64($0) * step)) }
    ) { _ in }
    return (run.cutShort, medium.used.load(ordering: .relaxed))
  }

  @Test func `is bounded by the ground covered, whatever stands there`() throws {
    let (cutShort, used) = try run(greedy(64, times: 1), candidates: 2000, step: 512, workers: 1)
    #expect(cutShort > 1900)
    // 4 GiB to start with, then sixteen times the megabyte that the candidates lie in.
    #expect(used < 5 << 30)
  }

  @Test func `does not depend on the number of workers`() throws {
    let one = try run(greedy(16, times: 1), candidates: 1500, step: 4096, workers: 1)
    let three = try run(greedy(16, times: 1), candidates: 1500, step: 4096, workers: 3)
    #expect(one.cutShort == three.cutShort)
    #expect(one.cutShort > 0)
  }

  @Test func `ends one candidate that reads the same bytes over and over`() throws {
    let (cutShort, used) = try run(greedy(1, times: 10_000), candidates: 1, step: 1, workers: 1)
    #expect(cutShort == 1)
    #expect(used < 100 << 20)
  }

  @Test func `leaves sound files alone`() throws {
    let (cutShort, _) = try run(greedy(8, times: 2), candidates: 100, step: 8 << 20, workers: 2)
    #expect(cutShort == 0)
  }
}
