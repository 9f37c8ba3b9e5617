// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What stands before each section of a segment file of an EWF image (E01).
///
/// | Offset | Size | Field                                     | Unit                |
/// |-------:|-----:|-------------------------------------------|---------------------|
/// |   0x00 |   16 | type, filled up with zeros                | text                |
/// |   0x10 |    8 | start of the next section                 | bytes, of this file |
/// |   0x18 |    8 | size with this descriptor; last: 0 or own | bytes               |
/// |   0x48 |    4 | Adler-32 of the fields before             |                     |
///
/// - Source: Metz, *Expert Witness Compression Format (EWF)*, §3.1 "Section descriptor".
struct EWFSection: Equatable, Sendable {
  /// The size of a descriptor.
  static let descriptor = 76
  /// `EVF`, 9, 13, 10, 255, 0: what a segment file of an image starts with. A one, the number of
  /// the segment in 16 bits and two zeros follow.
  static let signature: [UInt8] = [0x45, 0x56, 0x46, 0x09, 0x0D, 0x0A, 0xFF, 0x00]
  static let fileHeader = 13

  let type: String
  let start: ByteOffset
  let next: ByteOffset
  /// What lies behind the descriptor.
  let data: Range<ByteOffset>

  /// Reads the descriptor that stands at `start`.
  init(parsing bytes: RawSpan, at start: ByteOffset) throws {
    let raw = try bytes.copy(at: 0, count: Self.descriptor)
    guard try adler32(raw[..<72]) == raw.little(at: 0x48) else {
      throw Malformed(Self.name, "its checksum does not hold", at: start)
    }
    type = String(decoding: raw[..<16].prefix { $0 != 0 }, as: UTF8.self)
    next = ByteOffset(try raw.little(at: 0x10))
    self.start = start
    let from = try start + ByteCount(clamping: Self.descriptor)
    let size = ByteCount(try raw.little(at: 0x18))
    let count = size.subtractingClamped(ByteCount(clamping: Self.descriptor))
    data = try Range(at: from, count: count)
  }

  /// The bytes of a descriptor; `size` counts without it, and a last section has none.
  static func bytes(_ type: String, at start: UInt64, size: UInt64, isLast: Bool = false) -> [UInt8]
  {
    var bytes = Array(type.utf8)
    bytes += [UInt8](repeating: 0, count: 16 - bytes.count)
    let whole = size + UInt64(descriptor)
    bytes.append(little: isLast ? start : start + whole)
    bytes.append(little: isLast ? UInt64(0) : whole)
    bytes += [UInt8](repeating: 0, count: 40)
    bytes.append(little: adler32(bytes))
    return bytes
  }

  private static let name = "EWF section"
}

extension [UInt8] {
  mutating func append<T: FixedWidthInteger>(little value: T) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
