// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows registry hive: a base block of 4096 bytes, then bins, which cells fill without a gap.
  ///
  /// | Offset | Size | Field         | Unit                                       |
  /// |-------:|-----:|---------------|--------------------------------------------|
  /// |   0x00 |    4 | "regf"        |                                            |
  /// |   0x0C |    8 | last written  | 100 ns since 1601                          |
  /// |   0x14 |    8 | version       | 1, 2 to 6                                  |
  /// |   0x1C |    4 | type          | 0: no log                                  |
  /// |   0x28 |    4 | size of bins  | bytes                                      |
  /// |   0x30 |   64 | file name     | UTF-16, the end of the path                |
  /// |  0x1FC |    4 | checksum      | XOR of the 127 words before                |
  ///
  /// - Source: M. Suhanov, *Windows registry file format specification*, "Base block".
  package static let registryHive = FileFormat(
    id: "hve", name: "Windows registry hive", category: .system,
    extensions: ["hve", "dat", "hiv"], validation: .structure,
    signatures: [Signature("regf")], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: 512),
        let base = try? RegistryBaseBlock(head)
      else { return false }
      return base.binSize > 0
    }
  ) { file in
    try Examination.walk("hve", file) {
      var walk = RegistryHiveWalk(file)
      return try walk.examination()
    }
  }
}

/// The first 512 bytes of a hive, whose checksum holds.
private struct RegistryBaseBlock {
  let binSize: UInt32
  let date: Timestamp?
  let name: String?

  init(_ bytes: [UInt8]) throws {
    var sum: UInt32 = 0
    for index in 0..<127 { sum ^= try bytes.little(UInt32.self, at: 4 * index) }
    if sum == 0 { sum = 1 } else if sum == .max { sum = .max - 1 }
    binSize = try bytes.little(UInt32.self, at: 0x28)
    guard try bytes.little(UInt32.self, at: 0x1FC) == sum,
      try bytes.little(UInt32.self, at: 0x14) == 1,
      try bytes.little(UInt32.self, at: 0x18) <= 6,
      try bytes.little(UInt32.self, at: 0x1C) == 0, binSize % 0x1000 == 0
    else { throw Malformed("hive", "its base block is wrong") }
    date = WindowsTime.moment(try bytes.little(UInt64.self, at: 0x0C))
    name = WindowsText.lastComponent(WindowsText.wide(try bytes.copy(at: 0x30, count: 64)))
  }
}

/// The walk over the bins of a hive and the cells in them.
private struct RegistryHiveWalk {
  private static let start: ByteOffset = 0x1000
  private static let mostBin: UInt32 = 0x100_0000
  /// Windows reserves room for a hive in steps of so many bytes.
  private static let growth: UInt64 = 0x4_0000
  private let file: Source
  private var room = HiddenRoom()

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    let base = try RegistryBaseBlock(file.read(at: 0, count: 512))
    let end = try Self.start + ByteCount(UInt64(base.binSize))
    var position = Self.start
    while position < end { position = try binEnd(at: position, before: end) }
    let reserve = try reserveEnd(behind: position)
    var result = Examination.whole(
      "hve", "hive", end: reserve,
      and: room.evidence(upTo: position) + (reserve > position ? [.endReasoned] : []))
    result.date = base.date
    result.name = base.name
    return result
  }

  /// Reads a bin: "hbin", its offset behind the base block, its size; cells from byte 32 on.
  private mutating func binEnd(at position: ByteOffset, before end: ByteOffset) throws -> ByteOffset
  {
    let head = try file.read(at: position, count: 32)
    let size = try head.little(UInt32.self, at: 8)
    guard head.holds(Array("hbin".utf8), at: 0),
      try UInt64(head.little(UInt32.self, at: 4)) == position.rawValue &- Self.start.rawValue,
      size > 0, size % 0x1000 == 0, size <= Self.mostBin
    else { throw Malformed("hive", "no bin starts here", at: position) }
    let stop = try position + ByteCount(UInt64(size))
    guard stop <= end else { throw Malformed("hive", "a bin is too long", at: position) }
    let bin = try file.read(at: position, count: ByteCount(UInt64(size)))
    var at = 32
    while at < bin.count {
      // A cell in use has its size negated.
      let count = Int(try bin.little(Int32.self, at: at).magnitude)
      guard count >= 8, count % 8 == 0, count <= bin.count - at else {
        throw Malformed(
          "hive", "a cell is wrong", at: position.advancedClamped(by: ByteCount(clamping: at)))
      }
      room.add(stretch: ByteCount(clamping: count))
      at += count
    }
    return stop
  }

  /// Zeros up to where the hive would grow next are its own.
  private func reserveEnd(behind end: ByteOffset) throws -> ByteOffset {
    let rest = (Self.growth - end.rawValue % Self.growth) % Self.growth
    let reserve = try end + ByteCount(rest)
    guard rest > 0, reserve <= file.range.upperBound, try file.isZero(end..<reserve) else {
      return end
    }
    return reserve
  }
}
