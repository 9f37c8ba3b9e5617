// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Scream Tracker 3 module: its parts lie where pointers say; it ends with the last of them.
  ///
  /// | Offset | Size | Field       | Unit                                             |
  /// |-------:|-----:|-------------|--------------------------------------------------|
  /// |   0x00 |   28 | title       |                                                  |
  /// |   0x1C |    2 |             | 1A 10                                            |
  /// |   0x20 |    6 | counts      | of orders, instruments, patterns; u16            |
  /// |   0x2C |    4 | mark        | `SCRM`                                           |
  /// |   0x60 |    … |             | orders; pointers as u16, in units of 16 bytes    |
  ///
  /// An instrument is 80 bytes: u8 type, u24 pointer at 13, u32 length at 16, u8 flags at 31. A
  /// pattern starts with its size as u16.
  ///
  /// - Source: Future Crew, *Scream Tracker 3.20 module format*, `TECH.DOC`.
  package static let s3m = FileFormat(
    id: "s3m", name: "Scream Tracker module", category: .audio, validation: .size,
    signatures: [Signature("SCRM", at: 44)], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard bytes.holds([0x1A, 0x10], at: 28), let orders = try? bytes.little(UInt16.self, at: 32),
        let instruments = try? bytes.little(UInt16.self, at: 34),
        let patterns = try? bytes.little(UInt16.self, at: 36)
      else { return false }
      return orders <= 256 && instruments <= 255 && patterns <= 256
    }
  ) { file in
    try Examination.walk("s3m", file) {
      let end = try S3MParts(file).end
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole(
        "s3m", "S3M", end: end, and: [.payloadUnchecked, .endReasoned])
      result.name = ContentText.text(try file.read(at: 0, count: 28))
      return result
    }
  }
}

/// Where the parts of an S3M module end.
private struct S3MParts {
  private(set) var end: ByteOffset = 0

  init(_ file: Source) throws {
    let head = try file.read(at: 0, count: 96)
    let orders = try UInt64(head.little(UInt16.self, at: 32))
    let instruments = try Int(head.little(UInt16.self, at: 34))
    let patterns = try Int(head.little(UInt16.self, at: 36))
    guard orders <= 256, instruments <= 255, patterns <= 256 else {
      throw Malformed("S3M", "counts that none can have", at: 32)
    }
    let start = try ByteOffset(96) + ByteCount(orders)
    let count = ByteCount(clamping: (instruments + patterns) * 2)
    let pointers = try file.read(at: start, count: count)
    reach(try start + count)
    if head[53] == 252 { reach(end.advancedClamped(by: 32)) }
    for index in 0..<instruments + patterns {
      let pointer = UInt64(try pointers.little(UInt16.self, at: index * 2)) * 16
      guard pointer > 0 else { continue }
      if index < instruments {
        try takeInstrument(file, at: ByteOffset(pointer))
      } else {
        let size = UInt64(try file.little(UInt16.self, at: ByteOffset(pointer)))
        reach(ByteOffset(pointer + max(size, 2)))
      }
    }
  }

  private mutating func takeInstrument(_ file: Source, at start: ByteOffset) throws {
    let head = try file.read(at: start, count: 80)
    reach(try start + 80)
    guard head[0] <= 7, head[0] != 1 || head.holds(Array("SCRS".utf8), at: 76) else {
      throw Malformed("S3M", "no instrument starts here", at: start)
    }
    guard head[0] == 1 else { return }
    let place = (UInt64(head[13]) << 16 | UInt64(try head.little(UInt16.self, at: 14))) * 16
    let length = UInt64(try head.little(UInt32.self, at: 16))
    let width: UInt64 = (head[31] & 2 != 0 ? 2 : 1) * (head[31] & 4 != 0 ? 2 : 1)
    if place > 0, length > 0 { reach(ByteOffset(place + length * width)) }
  }

  private mutating func reach(_ offset: ByteOffset) { end = max(end, offset) }
}
