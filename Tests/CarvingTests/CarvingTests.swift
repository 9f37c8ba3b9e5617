// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Fixtures
import SignatureScan
import Testing

@testable import Carving

/// A format for tests: `F`, then the length in one byte, `length` bytes in all; a byte `!` breaks it.
private let toy = FileFormat(
  id: "toy", name: "Toy", category: .document, validation: .structure,
  signatures: [Signature([0x46])], maximumSize: 256
) { file in
  let length: UInt8 = try file.little(at: 1)
  let bytes = try file.readPrefix(at: 0, count: ByteCount(UInt64(length)))
  if let bad = bytes.firstIndex(of: 0x21) {
    return .broken(
      at: ByteOffset(UInt64(bad)), problem: "!", evidence: [.headerMatched("toy")])
  }
  if bytes.count < Int(length) { return .truncated(at: ByteOffset(UInt64(bytes.count))) }
  return .complete(
    at: ByteOffset(UInt64(length)), evidence: [.structureHolds(format: "toy", length: 1)])
}

@Suite struct `Carving space` {
  private let medium = Source(bytes: (0..<100).map { UInt8($0) })

  @Test func `extents skip what is in use`() {
    let space = CarvingSpace(on: medium, space: RangeSet(unsorted: [0..<10, 20..<30]))
    #expect(
      space.extents(from: 5, limit: 100)
        == [Extent(.medium(5), count: 5), Extent(.medium(20), count: 10)])
    #expect(space.extents(from: 5, limit: 7).length == 7)
    #expect(!space.contains(10))
    #expect(space.extents(from: 50, limit: 1).isEmpty)
  }

  @Test func `unreadable bytes are counted where a file lies`() {
    let space = CarvingSpace(
      on: medium, space: RangeSet(0..<100), defects: RangeSet(unsorted: [10..<20, 90..<95]))
    #expect(space.unreadable(in: [Extent(15..<92)]) == 7)
    #expect(space.unreadable(in: [Extent(20..<90)]) == 0)
  }
}

@Suite struct `Who owns a byte` {
  private func carved(
    _ range: Range<ByteOffset>, complete: Bool = true, children: [Range<ByteOffset>] = [],
    format: FileFormat = toy
  ) -> Carved {
    var examination = Examination(
      end: complete ? .complete : .broken(at: 1), length: range.length, evidence: [])
    examination.children = children.map { Examination.Child(type: "jpg", range: $0) }
    return Carved(
      format: format, start: range.lowerBound, content: [Extent(range)],
      examination: examination, unreadable: 0)
  }

  @Test func `what tables alone claim for a broken file hides no other`() {
    var ownership = Ownership()
    _ = ownership.accept(carved(0..<100, complete: false, format: .wav))
    let isAccepted = ownership.accept(carved(50..<80, complete: false))
    #expect(isAccepted)
  }

  @Test func `what starts inside a whole file is its child`() {
    var ownership = Ownership()
    let accepted = [0..<100, 50..<60, 100..<110].map { ownership.accept(carved($0)) }
    #expect(accepted == [true, false, true])
  }

  @Test func `a broken file owns nothing that is whole`() {
    var ownership = Ownership()
    let isAccepted1 = ownership.accept(carved(0..<100, complete: false))
    #expect(isAccepted1)
    let isAccepted2 = ownership.accept(carved(50..<60))
    #expect(isAccepted2)
    let isAccepted3 = ownership.accept(carved(70..<80, complete: false))
    #expect(!isAccepted3)
  }

  @Test func `a broken file's thumbnail is no file`() {
    var ownership = Ownership()
    _ = ownership.accept(carved(0..<100, complete: false, children: [20..<40]))
    let isAccepted4 = ownership.accept(carved(20..<40))
    #expect(!isAccepted4)
  }

  @Test func `a place is settled behind the last broken file`() {
    var ownership = Ownership()
    _ = ownership.accept(carved(0..<100, complete: false))
    #expect(!ownership.isSettled(at: 99))
    #expect(ownership.isSettled(at: 100))
  }
}

@Suite struct `Carving run` {
  private let bytes: [UInt8] = {
    var bytes = [UInt8](repeating: 0, count: 4000)
    var random = UInt64(7)
    for index in bytes.indices {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes[index] = [0x46, 40, 9, 0, 3, 2, 0x46, 12, 7, 0x21][Int(random >> 33) % 10]
    }
    return bytes
  }()

  private func run(workers: Int, page: Int) throws -> [ByteOffset] {
    let medium = Source(MemoryMedium(bytes))
    var run = CarvingRun(
      carver: Carver(space: CarvingSpace(on: medium, space: RangeSet(medium.range))),
      workers: workers)
    let candidates = bytes.indices.filter { bytes[$0] == 0x46 }
      .map { Candidate(format: toy, offset: ByteOffset(UInt64($0))) }
    var starts: [ByteOffset] = []
    var rest = candidates[...]
    while !rest.isEmpty {
      try run.carve(Array(rest.prefix(page))) { starts.append($0.start) }
      rest = rest.dropFirst(page)
    }
    return starts
  }

  @Test func `neither workers nor pages show in the result`() throws {
    let expected = try run(workers: 1, page: 1)
    #expect(expected.count > 10)
    for workers in [1, 2, 5] {
      for page in [3, 64, 4000] {
        #expect(try run(workers: workers, page: page) == expected)
      }
    }
  }

  @Test func `no two whole files share a byte`() throws {
    var last: ByteOffset = 0
    for start in try run(workers: 2, page: 64) {
      #expect(start >= last)
      let length = bytes[Int(start.rawValue) + 1]
      last = start.advancedClamped(by: ByteCount(UInt64(length)))
    }
  }
}
