// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A chunk of a RIFF file.
///
/// | Offset | Size | Field | Unit                                           |
/// |-------:|-----:|-------|------------------------------------------------|
/// |   0x00 |    4 | id    | four printable characters                      |
/// |   0x04 |    4 | size  | bytes of data, which a pad byte makes even     |
/// |   0x08 |    4 | form  | in `RIFF` and `LIST`: what the chunks in it are |
///
/// - Source: IBM and Microsoft, *Multimedia Programming Interface and Data Specifications 1.0*,
///   "Resource Interchange File Format".
struct RIFFChunk {
  let id: String
  let start: ByteOffset
  let size: ByteCount

  /// Reads a chunk's head; throws `Malformed` where none can stand.
  init(_ window: inout Window, at start: ByteOffset) throws {
    let letters = try window.copy(at: start, count: 4)
    guard letters.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw Malformed("RIFF", "no chunk starts here", at: start)
    }
    id = String(decoding: letters, as: UTF8.self)
    self.start = start
    size = ByteCount(UInt64(try window.little(UInt32.self, at: start + 4)))
  }

  /// Where its data start.
  var data: ByteOffset { start.advancedClamped(by: 8) }

  /// Where its data end, without the pad byte.
  var dataEnd: ByteOffset { data.advancedClamped(by: size) }

  /// Where the next chunk starts.
  var end: ByteOffset { dataEnd.advancedClamped(by: ByteCount(size.rawValue & 1)) }

  /// Whether a chunk with a printable id stands behind the form type of a RIFF file.
  static let resemblesFirst: @Sendable (RawSpan) -> Bool = { bytes in
    (12..<16).allSatisfy { index in
      (try? bytes.little(UInt8.self, at: index)).map { (0x20...0x7E).contains($0) } ?? false
    }
  }
}
