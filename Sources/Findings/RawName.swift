// SPDX-License-Identifier: Apache-2.0

/// A name as it stands on a disk: bytes, without a promise that they are UTF-8 or safe to print.
package struct RawName: Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }
  package init(stringLiteral text: String) { self.init(text) }

  /// The name as text; bytes that are no UTF-8 become U+FFFD. Not yet safe for a terminal.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The part behind the last dot, in lower case; empty where there is none.
  package var pathExtension: String {
    guard let dot = bytes.lastIndex(of: 0x2E), dot > 0, dot + 1 < bytes.count else { return "" }
    return String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased()
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
