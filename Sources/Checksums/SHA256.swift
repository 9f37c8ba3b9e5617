// SPDX-License-Identifier: Apache-2.0

import Bytes

/// SHA-256 through libcrypto, which uses the processor's own instructions.
package struct SHA256: ~Copyable {
  private var digest = MessageDigest(.sha256)

  package init() {}

  package mutating func update(_ bytes: RawSpan) { digest.update(bytes) }

  package mutating func update(_ bytes: [UInt8]) { digest.update(bytes) }

  /// The 32 bytes of the digest. The value is of no use afterwards.
  package consuming func finish() -> [UInt8] { digest.finish() }

  /// The digest of bytes in memory.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] { MessageDigest.hash(bytes, .sha256) }
}

extension [UInt8] {
  /// The bytes as lower-case hexadecimal digits.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(count * 2)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that hexadecimal digits stand for, in upper or lower case; nil for anything else.
  package init?(hexadecimal text: some Collection<UInt8>) {
    self.init()
    var high: UInt8?
    for character in text {
      let digit: UInt8
      switch character {
      case 0x30...0x39: digit = character - 0x30
      case 0x41...0x46: digit = character - 0x41 + 10
      case 0x61...0x66: digit = character - 0x61 + 10
      default: return nil
      }
      if let first = high {
        append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    if high != nil { return nil }
  }
}
