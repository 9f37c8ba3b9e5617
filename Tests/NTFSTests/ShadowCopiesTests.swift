// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import NTFS

@Suite struct `Shadow copies` {
  private static let identifier: [UInt8] = [
    0x6B, 0x87, 0x08, 0x38, 0x76, 0xC1, 0x48, 0x4E, 0xB7, 0xAE, 0x04, 0x04, 0x6E, 0x6C, 0xC7, 0x52,
  ]

  /// A header that points at a block at 0x4000, which goes on at `next` and has two snapshots.
  private func bytes(next: UInt64) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 0x8000)
    bytes.replaceSubrange(0x1E00..<0x1E10, with: Self.identifier)
    Builder.put(UInt32(1), &bytes, at: 0x1E14)
    Builder.put(UInt64(0x4000), &bytes, at: 0x1E30)
    bytes.replaceSubrange(0x4000..<0x4010, with: Self.identifier)
    Builder.put(UInt32(2), &bytes, at: 0x4014)
    Builder.put(next, &bytes, at: 0x4028)
    for (index, kind) in [2, 3, 2, 3, 1].enumerated() {
      Builder.put(UInt64(kind), &bytes, at: 0x4080 + 128 * index)
    }
    return bytes
  }

  @Test func `are counted in the catalogue`() {
    let copies = ShadowCopies(in: Source(bytes: bytes(next: 0)))
    #expect(copies?.count == 2)
    #expect(copies?.remark?.contains("2") == true)
  }

  @Test(arguments: [0x4000, 0x4001, .max] as [UInt64])
  func `have no number where the catalogue is damaged or has no end`(next: UInt64) {
    let copies = ShadowCopies(in: Source(bytes: bytes(next: next)))
    #expect(copies != nil)
    #expect(copies?.count == nil)
  }

  @Test func `are none where there is no header`() {
    #expect(ShadowCopies(in: Source(bytes: [UInt8](repeating: 0, count: 0x8000))) == nil)
    #expect(ShadowCopies(in: Source(bytes: Self.identifier)) == nil)
  }
}
