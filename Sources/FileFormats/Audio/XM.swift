// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// FastTracker II module: a head, the patterns, and the instruments, each with its samples.
  ///
  /// | Offset | Size | Field       | Unit                                  |
  /// |-------:|-----:|-------------|---------------------------------------|
  /// |   0x00 |   17 | mark        | `Extended Module: `                   |
  /// |   0x11 |   20 | title       |                                       |
  /// |   0x25 |    1 |             | 1A                                    |
  /// |   0x3A |    2 | version     | 0x104                                 |
  /// |   0x3C |    4 | head        | bytes from here to the patterns       |
  /// |   0x46 |    2 | patterns    | u32 head, u8, u16 rows, u16 size      |
  /// |   0x48 |    2 | instruments | u32 head, name, u8, u16 samples       |
  ///
  /// A sample's head has a size of its own, stated in its instrument's; the samples follow the heads.
  ///
  /// - Source: Triton, *The XM module format description for XM files version $0104*.
  package static let xm = FileFormat(
    id: "xm", name: "FastTracker module", category: .audio, validation: .size,
    signatures: [Signature("Extended Module: ")], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let mark = try? bytes.little(UInt8.self, at: 37),
        let version = try? bytes.little(UInt16.self, at: 58)
      else { return false }
      return mark == 0x1A && (0x102...0x104).contains(version)
    }
  ) { file in
    try Examination.walk("xm", file) {
      var walk = XMWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the parts of an XM module.
private struct XMWalk {
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 60

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    guard try window.little(UInt16.self, at: 58) == 0x104 else {
      throw Malformed("XM", "a version whose parts stand in another order", at: 58)
    }
    let patterns = try window.little(UInt16.self, at: 70)
    let instruments = try window.little(UInt16.self, at: 72)
    guard patterns <= 256, instruments <= 256 else {
      throw Malformed("XM", "too many parts", at: 70)
    }
    try pass(UInt64(window.little(UInt32.self, at: 60)), atLeast: 20)
    for _ in 0..<patterns {
      let size = UInt64(try window.little(UInt16.self, at: position + 7))
      try pass(UInt64(window.little(UInt32.self, at: position)), atLeast: 9)
      try pass(size)
    }
    for _ in 0..<instruments { try passInstrument() }
    var result = Examination.whole("xm", "XM", end: position, and: [.payloadUnchecked])
    result.name = ContentText.text(try file.read(at: 17, count: 20))
    return result
  }

  private mutating func passInstrument() throws {
    let start = position
    let size = UInt64(try window.little(UInt32.self, at: start))
    let samples = try window.little(UInt16.self, at: start + 27)
    guard samples <= 128 else { throw Malformed("XM", "too many samples", at: start) }
    let headSize = samples > 0 ? UInt64(try window.little(UInt32.self, at: start + 29)) : 40
    try pass(size, atLeast: 29)
    guard headSize >= 18, headSize <= 4096 else {
      throw Malformed("XM", "no sample's head", at: start)
    }
    var total: UInt64 = 0
    for _ in 0..<samples {
      total += UInt64(try window.little(UInt32.self, at: position))
      try pass(headSize)
    }
    try pass(total)
  }

  private mutating func pass(_ count: UInt64, atLeast least: UInt64 = 0) throws {
    guard count >= least else { throw Malformed("XM", "a part that is too short", at: position) }
    let end = try position + ByteCount(count)
    guard end <= file.range.upperBound else { throw Truncated() }
    position = end
  }
}
