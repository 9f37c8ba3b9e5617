// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Checksums

@Suite struct `Checksums` {
  let digits = Array("123456789".utf8)

  @Test func `the ISO polynomial gives its published check value`() {
    var crc = CRC32()
    crc.update(digits)
    #expect(crc.value == 0xCBF4_3926)
  }

  @Test func `the Castagnoli polynomial gives its published check value`() {
    var crc = CRC32(.castagnoli)
    crc.update(digits)
    #expect(crc.value == 0xE306_9283)
  }

  @Test func `pieces of any length give what the whole gives`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var whole = CRC32()
    whole.update(bytes)
    for cut in 0..<40 {
      var parts = CRC32()
      parts.update(Array(bytes[..<cut]))
      parts.update(Array(bytes[cut...]))
      #expect(parts.value == whole.value)
    }
  }

  @Test func `SHA-256 of abc is the published one`() {
    #expect(
      SHA256.hash(Array("abc".utf8)).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
