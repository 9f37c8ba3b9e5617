// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Glibc
import Testing

@testable import Storage

/// What a medium lends of a range.
func lent(_ medium: any Medium, _ range: Range<ByteOffset>) throws -> [UInt8] {
  var bytes: [UInt8] = []
  try medium.withBytes(in: range) { bytes = $0.withUnsafeBytes { Array($0) } }
  return bytes
}

/// What a medium lends of a range with its defects.
func readable(_ medium: any Medium, _ range: Range<ByteOffset>) throws -> (
  bytes: [UInt8], defects: [Range<ByteOffset>]
) {
  var bytes: [UInt8] = []
  var defects: [Range<ByteOffset>] = []
  try medium.withReadableBytes(in: range) { span, lost in
    bytes = span.withUnsafeBytes { Array($0) }
    defects = Array(lost.ranges)
  }
  return (bytes, defects)
}

@Suite struct `A file as a medium` {
  let folder = Folder()

  @Test(arguments: [(0, 1), (1, 511), (4095, 2), (0, 70_000), (65_537, 66_000), (131_000, 537)])
  func `any range is lent exactly`(start: Int, count: Int) throws {
    let bytes = pattern(131_537)
    let medium = try openMedium(at: folder.file("disk.img", bytes))
    let range = try Range(at: ByteOffset(UInt64(start)), count: ByteCount(UInt64(count)))
    let expected = Array(bytes[start..<(start + count)])
    #expect(try lent(medium, range) == expected)
    #expect(try readable(medium, range).bytes == expected)
    #expect(try Source(medium).read(at: range.lowerBound, count: range.length) == expected)
  }

  @Test func `a file that shrinks is a defect from its new end on`() throws {
    let path = folder.file("disk.img", pattern(200_000))
    let medium = try openMedium(at: path)
    truncate(path, 100_000)
    let result = try readable(medium, 0..<200_000)
    #expect(result.defects == [100_000..<200_000])
    #expect(result.bytes[99_999] == pattern(100_000)[99_999])
    #expect(throws: ReadError(source: path, range: 100_000..<150_000)) {
      try lent(medium, 50_000..<150_000)
    }
  }

  @Test func `a hole is told where the file has one, and not behind a new end`() throws {
    let path = folder.file("disk.img", pattern(0x1_0000))
    truncate(path, 0x100_0000)
    let medium = try openMedium(at: path)
    #expect(medium.isHole(0x10_0000..<0x100_0000))
    #expect(!medium.isHole(0..<0x10_0000))
    #expect(try lent(medium, 0x10_0000..<0x10_1000).allSatisfy { $0 == 0 })
    truncate(path, 0x80_0000)
    #expect(!medium.isHole(0x70_0000..<0x90_0000))
  }

  @Test func `a file that shrinks while it is lent takes nothing away`() throws {
    let bytes = pattern(0x10_0000)
    let path = folder.file("disk.img", bytes)
    let medium = try openMedium(at: path)
    try medium.withBytes(in: 0..<0x10_0000) { span in
      truncate(path, 0x8_0000)
      let same = span.withUnsafeBytes { $0.elementsEqual(bytes) }
      #expect(same)
    }
    #expect(try readable(medium, 0..<0x10_0000).defects == [0x8_0000..<0x10_0000])
  }

  @Test func `windows may be lent inside and beside each other`() throws {
    let bytes = pattern(0x10_0000)
    let medium = try openMedium(at: folder.file("disk.img", bytes))
    try medium.withBytes(in: 0..<0x8_0000) { outer in
      let inner = try lent(medium, 0x8_0000..<0x10_0000)
      #expect(inner == Array(bytes[0x8_0000...]))
      let same = outer.withUnsafeBytes { $0.elementsEqual(bytes[..<0x8_0000]) }
      #expect(same)
    }
  }

  @Test func `what cannot be a source is refused with its reason`() throws {
    let socket = folder.path + "/pipe"
    mkfifo(socket, 0o600)
    let cases: [(String, SourceError.Reason)] = [
      (folder.path + "/none", .missing), (folder.file("empty", []), .empty),
      (folder.path, .notASource("a folder")), (socket, .notASource("a pipe")),
      ("/dev/null", .notASource("a character device")),
    ]
    for (path, reason) in cases {
      #expect(throws: SourceError(path, reason)) { try openMedium(at: path) }
    }
  }

  @Test func `is never open for writing`() throws {
    let path = folder.file("disk.img", pattern(100_000))
    let medium = try openMedium(at: path)
    truncate(path, 50_000)
    _ = try readable(medium, 0..<100_000)  // opens it again, for direct reads
    let system = SystemFiles()
    let open = system.names("/proc/self/fd").filter {
      system.resolved("/proc/self/fd/\($0)") == path
    }
    #expect(open.count == 2)
    for descriptor in open {
      let lines = try #require(system.text("/proc/self/fdinfo/\(descriptor)")).split(
        separator: "\n")
      let flags = lines.first { $0.hasPrefix("flags:") }?.split(separator: "\t").last
      #expect(flags.flatMap { Int($0, radix: 8) }.map { $0 & 3 } == 0)
    }
  }
}
