// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats

enum PEMSpecimens {
  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Base 64 in lines of 64 characters.
  private static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      var word = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      word <<= 8 * UInt32(3 - part.count)
      for place in 0..<4 {
        let isUsed = place <= part.count
        text.append(isUsed ? letters[Int(word >> (18 - 6 * UInt32(place)) & 63)] : 0x3D)
      }
      if text.count % 65 == 64 { text.append(0x0A) }
    }
    return text.last == 0x0A ? text : text + [0x0A]
  }

  private static func block(_ label: String, _ count: Int, seed: UInt64) -> [UInt8] {
    let content = [0x30, 0x82] + big(UInt16(count)) + junk(count, seed: seed)
    return ascii("-----BEGIN \(label)-----\n") + base64(content) + ascii("-----END \(label)-----\n")
  }

  private static let key = block("PRIVATE KEY", 700, seed: 3)

  private static let chain =
    block("CERTIFICATE", 500, seed: 4) + ascii("\nan authority\n============\n")
    + block("CERTIFICATE", 400, seed: 5)

  private static let message: [UInt8] = {
    let content = junk(600, seed: 6)
    var crc = CRC24()
    for byte in content { crc.update(byte) }
    return ascii("-----BEGIN PGP MESSAGE-----\r\nVersion: 1\r\n\r\n") + base64(content) + [0x3D]
      + base64([UInt8(crc.value >> 16), UInt8(crc.value >> 8 & 255), UInt8(crc.value & 255)])
      + ascii("-----END PGP MESSAGE-----\n")
  }()

  static let all: [Specimen] = [
    Specimen(
      .pem, key, label: "key", type: "key", wholeCuts: [(key.count - 1)..<key.count]),
    Specimen(
      .pem, chain, label: "certificates", type: "crt", verdict: .probable,
      wholeCuts: [
        (block("CERTIFICATE", 500, seed: 4).count - 1)..<(block("CERTIFICATE", 500, seed: 4).count
          + 30)
      ]),
    Specimen(
      .pem, message, label: "message", type: "asc", verdict: .verified,
      covered: [44..<(message.count - 30)], wholeCuts: [(message.count - 1)..<message.count]),
  ]
}
