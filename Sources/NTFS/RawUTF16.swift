// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Characters as they stand on the disk: UTF-16, little-endian, not always well-formed.
struct RawUTF16: Hashable, Sendable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isEmpty: Bool { bytes.isEmpty }

  var units: [UInt16] {
    stride(from: 0, to: bytes.count & ~1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }

  /// In UTF-8; halves of a pair that stand alone become U+FFFD.
  var text: String { String(decoding: units, as: UTF16.self) }

  var name: RawName { RawName(text) }
}
