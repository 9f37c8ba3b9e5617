// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import Testing

@testable import FileFormats

@Suite struct `PNG pictures` {
  private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    var crc = CRC32(.iso)
    crc.update(Array(type.utf8) + data)
    return big(UInt32(data.count)) + Array(type.utf8) + data + big(crc.value)
  }

  private func bytes() -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(8)) + big(UInt32(8)) + [8, 0, 0, 0, 0])
      + chunk("tIME", [0x07, 0xE8, 2, 3, 4, 5, 6])
      + chunk("tEXt", Array("Title\0 A boat ".utf8))
      + chunk("IDAT", [UInt8](repeating: 7, count: 40))
      + chunk("IEND", [])
  }

  @Test func `a whole picture ends at its last chunk`() throws {
    let result = try examine(.png, bytes() + junk(700))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes().count))
    #expect(result.evidence.contains(.checksumsHold(count: 5, kind: "CRC-32")))
  }

  @Test func `title and date come from the text chunks`() throws {
    let result = try examine(.png, bytes())
    #expect(result.name == "A boat")
    #expect(
      result.date == Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6))
  }

  @Test func `a picture cut anywhere is never whole`() throws {
    try expectNoneWhole(.png, cutsOf: bytes())
  }

  @Test func `any damaged byte is noticed`() throws {
    for index in 0..<bytes().count where index >= 8 {
      var damaged = bytes()
      damaged[index] ^= 0x20
      #expect(try examine(.png, damaged).end != .complete, "byte \(index)")
    }
  }

  @Test func `a break is reported at the chunk that holds it`() throws {
    var damaged = bytes()
    damaged[8 + 25 + 12] ^= 1
    #expect(try examine(.png, damaged).end == .broken(at: 33))
  }
}
