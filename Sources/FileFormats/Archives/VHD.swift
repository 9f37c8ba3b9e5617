// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Virtual PC's disk images that grow: a copy of the footer, a header, a table of blocks, the
  /// blocks, the footer. Fixed ones begin with the disk's own first sector and are not met.
  ///
  ///     footer: 0  "conectix"   12  u32 10000   16  u64 offset of the header   24  u32 seconds
  ///     since 2000   60  u32 3: grows, 4: differs from another   64  u32 sum of bytes, inverted
  ///     header: 0  "cxsparse"   16  u64 offset of the table   28  u32 entries   32  u32 block size
  ///     table: u32 sectors; at each a bitmap of its block's sectors, and the block
  ///
  /// - Source: Microsoft, *Virtual Hard Disk Image Format Specification 1.0*.
  package static let vhd = FileFormat(
    id: "vhd", name: "Virtual PC disk image", category: .archive,
    extensions: ["vhd", "vpc", "avhd"], validation: .size,
    signatures: [Signature("conectix")], maximumSize: 0x200_0000_0000,
    resembles: { bytes in
      guard let kind = try? bytes.big(UInt32.self, at: 60) else { return false }
      return bytes.holds([0, 1, 0, 0], at: 12) && (kind == 3 || kind == 4)
    }
  ) { file in
    try Examination.walk("vhd", file) { try VHDWalk(file).examination() }
  }
}

private struct VHDWalk {
  private static let epoch: Int64 = 946_684_800
  private static let mostBlocks: UInt32 = 0x100_0000
  /// How far from the last block the footer may stand, where blocks are aligned.
  private static let farthest: UInt64 = 0x1_0000

  private let file: Source
  private let footer: [UInt8]

  init(_ file: Source) throws {
    self.file = file
    footer = try file.read(at: 0, count: 512)
    let sum = (footer[..<64] + footer[68...]).reduce(UInt32(0)) { $0 + UInt32($1) }
    guard try footer.big(UInt32.self, at: 64) == ~sum else {
      throw Malformed("VHD", "the checksum of its footer is wrong")
    }
  }

  func examination() throws -> Examination {
    let start = ByteOffset(try footer.big(UInt64.self, at: 16))
    let header = try file.read(at: start, count: 1024)
    let count = try header.big(UInt32.self, at: 28)
    let blockSize = UInt64(try header.big(UInt32.self, at: 32))
    guard header.holds(Array("cxsparse".utf8), at: 0), count <= Self.mostBlocks,
      blockSize >= 512, blockSize <= 1 << 30
    else { throw Malformed("VHD", "its header is none", at: start) }
    let bitmap = (blockSize / 512 / 8 + 511) / 512 * 512
    let table = ByteOffset(try header.big(UInt64.self, at: 16))
    var end = try table + ByteCount((UInt64(count) * 4 + 511) / 512 * 512)
    var at = table
    let stop = try table + ByteCount(UInt64(count) * 4)
    while at < stop {
      let next = min(stop, at.advancedClamped(by: 0x1_0000))
      let entries = try file.read(at: at, count: (at..<next).length)
      for entry in stride(from: 0, to: entries.count, by: 4) {
        let sector = UInt64(try entries.big(UInt32.self, at: entry))
        if sector != 0xFFFF_FFFF { end = max(end, ByteOffset(sector * 512 + bitmap + blockSize)) }
      }
      at = next
    }
    guard end < file.range.upperBound else { throw Truncated() }
    return try complete(at: footerEnd(from: end))
  }

  /// Where the footer behind the last block ends.
  private func footerEnd(from end: ByteOffset) throws -> ByteOffset {
    let bytes = try file.readPrefix(at: end, count: ByteCount(Self.farthest + 512))
    for index in stride(from: 0, to: bytes.count - 511, by: 512)
    where bytes.holds(Array(footer[..<8]), at: index) {
      return try end + ByteCount(clamping: index + 512)
    }
    if bytes.count < 512 { throw Truncated() }
    throw Malformed("VHD", "no footer stands behind its blocks", at: end)
  }

  private func complete(at end: ByteOffset) throws -> Examination {
    var result = Examination.whole("vhd", "VHD", end: end, and: [.payloadUnchecked])
    result.date = Timestamp(seconds: Self.epoch + Int64(try footer.big(UInt32.self, at: 24)))
    return result
  }
}
