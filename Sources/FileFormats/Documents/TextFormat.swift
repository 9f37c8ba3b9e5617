// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Whether the first bytes keep to a grammar: a walk over them finds nothing wrong.
  static func head(_ bytes: RawSpan, keepsTo walk: (Source) throws -> Examination) -> Bool {
    guard let head = try? bytes.copy(at: 0, count: min(bytes.byteCount, 1024)),
      let result = try? walk(Source(bytes: head))
    else { return false }
    if case .broken = result.end { return false }
    return true
  }
}

extension Signature {
  /// Text that begins a file, and so a sector: it is common elsewhere.
  static func text(_ text: String) -> Signature { Signature(Array(text.utf8), alignment: 512) }

  /// The same behind a byte order mark.
  static func markedText(_ text: String) -> Signature {
    Signature([0xEF, 0xBB, 0xBF] + Array(text.utf8), alignment: 512)
  }

  /// The same in either case of its letters.
  static func anyCase(_ text: String, at offset: Int = 0, marked: Bool = false) -> Signature {
    let letters = text.utf8.map { byte in
      (0x61...0x7A).contains(byte | 0x20) ? Element(byte, mask: 0xDF) : Element(byte)
    }
    let mark = [0xEF, 0xBB, 0xBF].map { Element($0) }
    return Signature(masked: marked ? mark + letters : letters, at: offset, alignment: 512)
  }

  /// The same in UTF-16, with its byte order mark.
  static func wideText(_ text: String) -> [Signature] {
    let units = text.utf16.map { UInt8(truncatingIfNeeded: $0) }
    return [
      Signature([0xFF, 0xFE] + units.flatMap { [$0, 0] }, alignment: 512),
      Signature([0xFE, 0xFF] + units.flatMap { [0, $0] }, alignment: 512),
    ]
  }
}
