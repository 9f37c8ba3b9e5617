// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// VirtualBox's disk images: a header that counts the blocks in use, a map of the disk's blocks,
  /// and those in use end to end.
  ///
  ///     64  7F 10 DA BE   68  u32 10001   72  u32 header size   76  u32 1: grows, 2: fixed, 3:
  ///     undo, 4: differs   340  u32 offset of the map   344  u32 offset of the blocks   368  u64
  ///     disk size
  ///     376  u32 block size   380  u32 bytes before each block   384  u32 blocks   388  u32 in use
  ///
  /// - Source: Oracle VM VirtualBox, `VDICore.h`.
  package static let vdi = FileFormat(
    id: "vdi", name: "VirtualBox disk image", category: .archive, validation: .size,
    signatures: [Signature([0x7F, 0x10, 0xDA, 0xBE, 1, 0, 1, 0], at: 64)],
    maximumSize: 0x400_0000_0000,
    resembles: { bytes in bytes.holds(Array("<<< ".utf8), at: 0) }
  ) { file in
    try Examination.walk("vdi", file) {
      let header = try file.read(at: 0, count: 400)
      let map = ByteOffset(UInt64(try header.little(UInt32.self, at: 340)))
      let data = ByteOffset(UInt64(try header.little(UInt32.self, at: 344)))
      let size =
        UInt64(try header.little(UInt32.self, at: 376))
        + UInt64(try header.little(UInt32.self, at: 380))
      let blocks = UInt64(try header.little(UInt32.self, at: 384))
      let used = UInt64(try header.little(UInt32.self, at: 388))
      guard map >= 400, data >= (try map + ByteCount(blocks * 4)), used <= blocks, size >= 4096,
        blocks <= 0x400_0000
      else {
        throw Malformed("VDI", "its sizes do not agree", at: 340)
      }
      let end = try data + ByteCount(used) * size
      guard end <= file.range.upperBound else { throw Truncated() }
      let named = try blocksNamed(in: file, at: map, blocks, below: used)
      guard named <= used else { throw Malformed("VDI", "its map is wrong", at: map) }
      var result = Examination.whole("vdi", "VDI", end: end, and: [.payloadUnchecked])
      result.name = ContentText.text(header[84..<340])
      return result
    }
  }

  /// How many blocks a map names; more than there are where one lies outside.
  private static func blocksNamed(
    in file: Source, at map: ByteOffset, _ blocks: UInt64, below used: UInt64
  ) throws -> UInt64 {
    var named: UInt64 = 0
    var at = map
    let stop = try map + ByteCount(blocks * 4)
    while at < stop {
      let next = min(stop, at.advancedClamped(by: 0x1_0000))
      let entries = try file.read(at: at, count: (at..<next).length)
      for entry in stride(from: 0, to: entries.count, by: 4) {
        let block = try entries.little(UInt32.self, at: entry)
        guard block < 0xFFFF_FFFE else { continue }
        if block >= used { return .max }
        named &+= 1
      }
      at = next
    }
    return named
  }
}
