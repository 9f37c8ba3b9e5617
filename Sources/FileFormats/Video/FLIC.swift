// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// FLI and FLC animations: a header that states the size, then a chunk for each frame.
  ///
  /// | Offset | Size | Field  | Unit                                      |
  /// |-------:|-----:|--------|-------------------------------------------|
  /// |   0x00 |    4 | size   | bytes of the file                         |
  /// |   0x04 |    2 | kind   | 0xAF11: FLI, 0xAF12: FLC                  |
  /// |   0x06 |    2 | frames | count; one more goes back to the first    |
  /// |   0x0C |    2 | depth  | bits: 8                                   |
  /// |   0x0E |    2 | flags  | 0 or 3                                    |
  ///
  /// - Source: J. Kent, *The FLIC File Format*, Dr. Dobb's Journal, March 1993.
  package static let flic = FileFormat(
    id: "flc", name: "FLIC animation", category: .video, extensions: ["flc", "fli"],
    validation: .structure,
    signatures: [UInt8(0x11), 0x12].map {
      let any = [Signature.Element](repeating: .init(0, mask: 0), count: 6)
      return Signature(
        masked: [.init($0), .init(0xAF)] + any + [
          .init(8), .init(0), .init(0, mask: 0xFC), .init(0),
        ],
        at: 4, alignment: 512)
    },
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 0),
        let frames = try? bytes.little(UInt16.self, at: 6),
        let width = try? bytes.little(UInt16.self, at: 8),
        let height = try? bytes.little(UInt16.self, at: 10),
        let chunk = try? bytes.little(UInt32.self, at: 128),
        let kind = try? bytes.little(UInt16.self, at: 132)
      else { return false }
      return size > 128 && size <= 0x4000_0000 && frames > 0 && (1...4096).contains(width)
        && (1...4096).contains(height) && chunk >= 6 && chunk <= size
        && [0xF1FA, 0xF100, 0xF1E0].contains(kind)
    }
  ) { file in
    try Examination.walk("flc", file) { try FLICWalk(file).examination() }
  }
}

/// The walk over the frames of a FLIC animation and the chunks in each.
private struct FLICWalk {
  private static let frame: UInt16 = 0xF1FA
  private let file: Source
  private var window: Window

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    let end = ByteOffset(UInt64(try walk.window.little(UInt32.self, at: 0)))
    let kind = try walk.window.little(UInt16.self, at: 4)
    let frames = UInt64(try walk.window.little(UInt16.self, at: 6))
    var position: ByteOffset = 128
    var count: UInt64 = 0
    while position < end {
      let size = try walk.window.little(UInt32.self, at: position)
      let type = try walk.window.little(UInt16.self, at: position + 4)
      let next = try position + ByteCount(UInt64(size))
      guard size >= 6, next <= end, type >> 8 == 0xF1 else {
        throw Malformed("FLIC", "no frame stands here", at: position)
      }
      if type == Self.frame {
        try walk.checkFrame(position..<next)
        count += 1
      }
      position = next
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    guard count >= frames else { throw Malformed("FLIC", "frames are missing", at: position) }
    var result = Examination.whole("flc", "FLIC", end: end)
    result.type = kind == 0xAF11 ? "fli" : "flc"
    return result
  }

  /// The chunks of a frame must lie in it.
  private mutating func checkFrame(_ frame: Range<ByteOffset>) throws {
    guard frame.length >= 16 else { throw Malformed("FLIC", "a short frame", at: frame.lowerBound) }
    let count = try window.little(UInt16.self, at: frame.lowerBound + 6)
    var position = try frame.lowerBound + 16
    for _ in 0..<count {
      let size = try window.little(UInt32.self, at: position)
      let next = try position + ByteCount(UInt64(size))
      guard size >= 6, next <= frame.upperBound.advancedClamped(by: 1) else {
        throw Malformed("FLIC", "a chunk reaches beyond its frame", at: position)
      }
      position = next
    }
  }
}
