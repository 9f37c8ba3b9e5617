// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Checksums

@Suite struct `Checksums of archives` {
  @Test func `CRC-16 gives its published check value`() {
    var crc = CRC16()
    crc.update(Array("123456789".utf8))
    #expect(crc.value == 0xBB3D)
  }

  @Test(
    arguments: [
      ("", 0x02CC_5D05), ("123456789", 0x937B_AD67),
      ("Nobody inspects the spammish repetition", 0xE229_3B2F),
    ] as [(String, UInt32)])
  func `XXH32 gives its published values`(text: String, value: UInt32) {
    #expect(XXH32.hash(Array(text.utf8)) == value)
  }

  @Test func `XXH32 of pieces of any length is that of the whole`() {
    let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for cut in 0...100 {
      var parts = XXH32()
      parts.update(Array(bytes[..<cut]))
      parts.update(Array(bytes[cut...]))
      #expect(parts.value == XXH32.hash(bytes))
    }
  }
}
