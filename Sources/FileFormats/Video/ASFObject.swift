// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An object of an ASF file.
///
/// | Offset | Size | Field | Unit                 |
/// |-------:|-----:|-------|----------------------|
/// |   0x00 |   16 | kind  | GUID                 |
/// |   0x10 |    8 | size  | bytes, head included |
///
/// - Source: Microsoft, *Advanced Systems Format (ASF) Specification 01.20.05*, §2.1.
struct ASFObject {
  static let headSize: ByteCount = 24

  let kind: ASFKind?
  let start: ByteOffset
  /// Zero where a broadcast does not know it.
  let size: ByteCount

  init(_ window: inout Window, at start: ByteOffset) throws {
    kind = ASFKind(guid: try window.copy(at: start, count: 16))
    size = ByteCount(try window.little(UInt64.self, at: start + 16))
    self.start = start
  }

  var content: ByteOffset { start.advancedClamped(by: Self.headSize) }
  var end: ByteOffset { start.advancedClamped(by: size) }
}
