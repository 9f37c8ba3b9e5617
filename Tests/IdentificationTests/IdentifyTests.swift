// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Identification

/// A source of zeros with some bytes at some places.
func disk(_ length: Int, _ patches: [(Int, [UInt8])]) -> Source {
  var bytes = [UInt8](repeating: 0, count: length)
  for (offset, patch) in patches {
    bytes.replaceSubrange(offset..<(offset + patch.count), with: patch)
  }
  return Source(bytes: bytes)
}

@Suite struct `libblkid` {
  let uuid = Array("12345678-1234-1234-1234-123456789abc".utf8)

  @Test func `names LUKS, and what it is good for`() throws {
    let header: [UInt8] = [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE, 0, 1]
    let found = try #require(identify(disk(0x50_0000, [(0, header), (0xA8, uuid)])))
    #expect(found.type == "crypto_LUKS" && found.usage == .crypto)
    #expect(found.uuid == "12345678-1234-1234-1234-123456789abc")
  }

  @Test func `names swap with its label`() throws {
    let label = Array("scratch".utf8)
    let found = try #require(
      identify(
        disk(
          0x50_0000,
          [(1024, [1, 0, 0, 0, 0xFF, 4, 0, 0]), (1052, label), (4086, Array("SWAPSPACE2".utf8))])))
    #expect(found.type == "swap" && found.label == "scratch")
  }

  @Test func `names what stands only at the end`() throws {
    // A RAID superblock of version 0.90 lies in the last 64 KiB that are aligned to 64 KiB.
    let length = 0x50_0000
    let start = length - 0x1_0000
    let super0: [UInt8] = [
      0xFC, 0x4E, 0x2B, 0xA9, 0, 0, 0, 0, 90, 0, 0, 0, 0, 0, 0, 0,
    ]
    let found = identify(disk(length, [(start, super0), (start + 0x14, [1, 2, 3, 4])]))
    #expect(found?.type == "linux_raid_member" && found?.usage == .raid)
  }

  @Test func `names nothing where nothing is`() {
    #expect(identify(disk(0x1000, [])) == nil)
    #expect(identify(Source(bytes: [])) == nil)
  }

  @Test func `sees what can be read of a source that fails`() {
    let swap = disk(
      0x4000, [(1024, [1, 0, 0, 0, 3, 0, 0, 0]), (4086, Array("SWAPSPACE2".utf8))])
    let bytes = try? swap.read(at: 0, count: 0x2000)
    let source = Source(
      nil,
      extents: [
        Extent(bytes: bytes ?? []), Extent(.lost, count: 0x80_0000),
        Extent(bytes: [1, 2, 3]),
      ], name: "failing")
    #expect(identify(source)?.type == "swap")
  }
}
