// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Scanned film frames: DPX and its forerunner Cineon. Their headers state the size of the file.
  ///
  /// | Offset | Size | Field        | Unit                                        |
  /// |-------:|-----:|--------------|---------------------------------------------|
  /// |   0x00 |    4 | mark         | `SDPX` big-endian, `XPDS` little-endian      |
  /// |   0x04 |    4 | data         | offset                                      |
  /// |   0x08 |    8 | version      | `V1.0` or `V2.0`                            |
  /// |   0x10 |    4 | size         | bytes of the file                           |
  /// |   0x24 |  100 | name         |                                             |
  /// |   0x88 |   24 | date         | `2024:05:01:12:34:56`                       |
  /// |  0x302 |    2 | elements     |                                             |
  /// |  0x304 |    8 | width, height | pixels                                     |
  ///
  /// - Source: SMPTE ST 268-1:2014, *File Format for Digital Moving-Picture Exchange*, §5.
  package static let dpx = FileFormat(
    id: "dpx", name: "DPX frame", category: .photo, validation: .size,
    signatures: [Signature("SDPX"), Signature("XPDS")], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      bytes.holds([0x56], at: 8) && (bytes.holds([0x2E], at: 10)) && bytes.holds([0x30], at: 11)
    }
  ) { file in
    try Examination.walk("dpx", file) {
      let header = try FrameHeader(file.readPrefix(at: 0, count: 2048), isBig: [0x53], sizeAt: 16)
      let elements = Int(try header.short(at: 770))
      guard (1...8).contains(elements) else {
        throw Malformed("DPX", "\(elements) elements", at: 770)
      }
      let last = 780 + 72 * (elements - 1)
      let channels: [UInt8: UInt64] = [50: 3, 51: 4, 52: 4, 100: 2, 101: 3, 102: 3, 103: 4]
      let descriptor = header.byte(at: last + 20)
      let isPlain = try header.short(at: last + 26) == 0
      let start = UInt64(try header.number(at: last + 28))
      let end = try header.end(
        width: header.number(at: 772), height: header.number(at: 776),
        channels: channels[descriptor] ?? (descriptor <= 9 ? 1 : nil),
        bits: isPlain ? header.byte(at: last + 23) : 0,
        isPacked: header.short(at: last + 24) == 0,
        start: start < 256 || start >= 0x1000_0000 ? header.data : start)
      return try header.examination("dpx", file, end: end, name: 36..<136, date: 136..<155)
    }
  }

  /// Cineon frames.
  ///
  ///     0  80 2A 5F D7   4  u32 offset of the data   20  u32 size of the file   24  `V4.5`
  ///     32  name   132  date   144  time
  ///
  /// - Source: Kodak, *Cineon Image File Format Draft* (1993).
  package static let cineon = FileFormat(
    id: "cin", name: "Cineon frame", category: .photo, validation: .size,
    signatures: [Signature([0x80, 0x2A, 0x5F, 0xD7]), Signature([0xD7, 0x5F, 0x2A, 0x80])],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      bytes.holds(Array("V4.5".utf8), at: 24) || bytes.holds(Array("V4.5".utf8), at: 25)
    }
  ) { file in
    try Examination.walk("cin", file) {
      let header = try FrameHeader(file.readPrefix(at: 0, count: 2048), isBig: [0x80], sizeAt: 20)
      let end = try header.end(
        width: header.number(at: 200), height: header.number(at: 204),
        channels: UInt64(header.byte(at: 193)), bits: header.byte(at: 198),
        isPacked: header.byte(at: 681) == 0, start: header.data)
      return try header.examination("cin", file, end: end, name: 32..<132, date: nil)
    }
  }
}

/// What the headers of DPX and Cineon have in common.
private struct FrameHeader {
  private let bytes: [UInt8]
  private let isBigEndian: Bool
  let data: UInt64
  let size: UInt64

  init(_ bytes: [UInt8], isBig mark: [UInt8], sizeAt: Int) throws {
    self.bytes = bytes
    let isBigEndian = bytes.holds(mark, at: 0)
    self.isBigEndian = isBigEndian
    let read = { (offset: Int) in
      isBigEndian
        ? try bytes.big(UInt32.self, at: offset) : try bytes.little(UInt32.self, at: offset)
    }
    data = UInt64(try read(4))
    size = UInt64(try read(sizeAt))
    guard (256...0x100_0000).contains(data), bytes.count == 2048 else {
      throw bytes.count < 2048 ? Truncated() : Malformed("DPX", "an impossible header", at: 4)
    }
  }

  func number(at offset: Int) throws -> UInt32 {
    isBigEndian ? try bytes.big(UInt32.self, at: offset) : try bytes.little(UInt32.self, at: offset)
  }

  func short(at offset: Int) throws -> UInt16 {
    isBigEndian ? try bytes.big(UInt16.self, at: offset) : try bytes.little(UInt16.self, at: offset)
  }

  /// The byte at `offset` of the 2048 that there are.
  func byte(at offset: Int) -> UInt8 { (try? bytes.little(UInt8.self, at: offset)) ?? 0 }

  /// Where the file ends: as its size says, where the rows say the same, else behind the last row.
  ///
  /// - Parameters:
  ///   - channels: samples of a pixel; nil where it is not known.
  ///   - bits: of a sample; 0 where the rows are coded.
  ///   - isPacked: whether samples follow one another without a gap.
  func end(
    width: UInt32, height: UInt32, channels: UInt64?, bits: UInt8, isPacked: Bool, start: UInt64
  ) throws -> (offset: ByteOffset, isCertain: Bool) {
    guard (1...0xF_FFFF).contains(width), (1...0xF_FFFF).contains(height) else {
      throw Malformed("DPX", "an impossible size", at: 4)
    }
    let isSizeSound = size > start && size < 0xFFFF_FFFF
    let samples = UInt64(width) &* (channels ?? 1)
    let rows: [UInt64]
    switch bits {
    case 1: rows = [(samples &+ 31) / 32 &* 4]
    case 8: rows = [(samples &+ 3) / 4 &* 4]
    case 10 where !isPacked: rows = [(samples &+ 2) / 3 &* 4]
    case 10 where isPacked, 12 where isPacked:
      rows = [(samples &* UInt64(bits) &+ 31) / 32 &* 4]
    case 12, 16: rows = [samples &* 2, (samples &* 2 &+ 3) / 4 &* 4]
    case 32: rows = [samples &* 4]
    case 64: rows = [samples &* 8]
    default: rows = []
    }
    guard channels != nil, let first = rows.first else {
      guard isSizeSound else { throw Malformed("DPX", "a size of \(size)", at: 4) }
      return (ByteOffset(size), true)
    }
    let ends = rows.map { start &+ $0 &* UInt64(height) }
    if isSizeSound, ends.contains(size) { return (ByteOffset(size), true) }
    // Padding behind the rows is counted, in whole blocks.
    if isSizeSound, size % 512 == 0, size > start &+ first &* UInt64(height),
      size < start &+ first &* UInt64(height) &+ 0x2000
    {
      return (ByteOffset(size), true)
    }
    return (ByteOffset(ends[0]), false)
  }

  func examination(
    _ id: String, _ file: Source, end: (offset: ByteOffset, isCertain: Bool), name: Range<Int>,
    date: Range<Int>?
  ) throws -> Examination {
    guard end.offset <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(
      id, id.uppercased(), end: end.offset,
      and: end.isCertain ? [.payloadUnchecked] : [.payloadUnchecked, .endReasoned])
    // Unused fields are filled with FF.
    let text = try bytes.copy(at: name.lowerBound, count: name.count)
    if text.first != 0xFF { result.name = ContentText.text(text) }
    if let date {
      let moment = try bytes.copy(at: date.lowerBound, count: date.count)
      result.date = EXIF.moment(ContentText.text(moment))
    }
    return result
  }
}
