// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Glibc
import Testing

@testable import Storage

/// A disk that fails where it is told to: a read that meets a bad sector gives what lies before it,
/// or an error.
struct FailingDisk: PositionedFile {
  let bytes: [UInt8]
  let unit: Int
  let code: Int32
  let shortReads: Bool
  let isBad: @Sendable (_ sector: Int) -> Bool

  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) -> Result<
    Int, SystemError
  > {
    let start = Int(offset.rawValue)
    var end = min(start + target.count, bytes.count)
    if start % unit != 0 || target.count % unit != 0 { return .failure(SystemError(-EINVAL)) }
    if start >= end { return .success(0) }
    let bad = (start / 512..<(end + 511) / 512).first(where: isBad)
    if let bad, !shortReads || bad * 512 <= start { return .failure(SystemError(-code)) }
    if let bad { end = bad * 512 }
    bytes[start..<end].withUnsafeBytes { target.copyMemory(from: $0) }
    return .success(end - start)
  }
}

func failingDisk(
  _ bytes: [UInt8], unit: Int = 512, code: Int32 = EIO, shortReads: Bool = false,
  isBad: @escaping @Sendable (_ sector: Int) -> Bool
) -> DirectReader {
  let disk = FailingDisk(
    bytes: bytes, unit: unit, code: code, shortReads: shortReads, isBad: isBad)
  return DirectReader { _ in DirectReader.Way(file: disk, unit: unit) }
}

/// What a reader gives of a range.
func direct(
  _ reader: DirectReader, _ start: Int, _ count: Int, stopAtFirst: Bool = false
) -> (bytes: [UInt8], defects: [Range<ByteOffset>]) {
  var target = [UInt8](repeating: 0xAA, count: count)
  let defects = target.withUnsafeMutableBytes {
    reader.read(at: ByteOffset(UInt64(start)), into: $0, stopAtFirst: stopAtFirst)
  }
  return (target, defects)
}

/// The ranges of sectors, as a set.
func sectors(_ numbers: some Sequence<Int>) -> RangeSet<ByteOffset> {
  RangeSet(
    unsorted: numbers.map { ByteOffset(UInt64($0 * 512))..<ByteOffset(UInt64($0 * 512 + 512)) })
}

@Suite struct `A direct read` {
  let bytes = pattern(0x20_0000)

  /// The bytes with zeros in bad sectors.
  func expected(_ isBad: (Int) -> Bool) -> [UInt8] {
    var result = bytes
    for sector in 0..<(bytes.count / 512) where isBad(sector) {
      result.replaceSubrange(sector * 512..<sector * 512 + 512, with: repeatElement(0, count: 512))
    }
    return result
  }

  @Test(arguments: [false, true])
  func `loses alternating bad pages and nothing else`(shortReads: Bool) {
    let isBad: @Sendable (Int) -> Bool = { $0 / 8 % 2 == 0 }
    let result = direct(failingDisk(bytes, shortReads: shortReads, isBad: isBad), 0, bytes.count)
    #expect(RangeSet(unsorted: result.defects) == sectors((0..<4096).filter(isBad)))
    #expect(result.bytes == expected(isBad))
  }

  @Test func `loses single sectors and nothing else`() {
    let isBad: @Sendable (Int) -> Bool = { [0, 7, 100, 101, 2047, 2048, 4095].contains($0) }
    let result = direct(failingDisk(bytes, isBad: isBad), 0, bytes.count)
    #expect(RangeSet(unsorted: result.defects) == sectors((0..<4096).filter(isBad)))
    #expect(result.bytes == expected(isBad))
  }

  @Test func `from and to the middle of a sector stays inside what was asked`() {
    let reader = failingDisk(bytes) { $0 == 2 || $0 == 4 }
    let result = direct(reader, 1100, 1000)
    #expect(RangeSet(unsorted: result.defects) == RangeSet([1100..<1536, 2048..<2100]))
    #expect(result.bytes[436..<948] == bytes[1536..<2048])
  }

  @Test func `of large sectors loses a whole one`() {
    let reader = failingDisk(bytes, unit: 4096) { $0 == 9 }
    #expect(direct(reader, 0, 20_000).defects == [4096..<8192])
  }

  @Test func `stops at the first defect when told to`() {
    let reader = failingDisk(bytes) { $0 % 10 == 5 }
    #expect(direct(reader, 1000, 100_000, stopAtFirst: true).defects == [2560..<3072])
  }

  @Test func `gives up at once where the device is gone`() {
    let reader = failingDisk(bytes, code: ENODEV) { $0 >= 1 }
    #expect(direct(reader, 0, 100_000).defects == [0..<100_000])
  }

  @Test func `finds the end of a file of odd length`() throws {
    let folder = Folder()
    let file = Descriptor(open(folder.file("disk.img", Array(bytes[..<10_001])), O_RDONLY))
    let result = direct(DirectReader(file, sector: 512), 3, 12_000)
    #expect(result.defects == [10_001..<12_003])
    #expect(result.bytes == Array(bytes[3..<10_001]) + [UInt8](repeating: 0, count: 2002))
  }
}
