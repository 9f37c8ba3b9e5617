// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Smacker, the older video of games: a table of the sizes of all frames.
  ///
  /// | Offset | Size | Field     | Unit                                                   |
  /// |-------:|-----:|-----------|--------------------------------------------------------|
  /// |   0x00 |    4 | signature | "SMK2" or "SMK4"                                       |
  /// |   0x04 |  2×4 | width, height | pixels                                             |
  /// |   0x0C |    4 | frames    | count                                                  |
  /// |   0x14 |    4 | flags     | bit 0: one frame more, for the start over              |
  /// |   0x34 |    4 | trees     | bytes                                                  |
  /// |   0x68 |    … | sizes     | 4 bytes a frame, the low 2 bits flags                  |
  /// |      … |    … | kinds     | a byte a frame                                         |
  /// |      … |    … | trees, frames | as long as stated                                  |
  ///
  /// - Source: no specification is public; known from the documentation of players.
  package static let smacker = FileFormat(
    id: "smk", name: "Smacker video", category: .video, validation: .size,
    signatures: [Signature("SMK2"), Signature("SMK4")], maximumSize: 0x8000_0000,
    resembles: { bytes in
      guard let width = try? bytes.little(UInt32.self, at: 4),
        let height = try? bytes.little(UInt32.self, at: 8),
        let frames = try? bytes.little(UInt32.self, at: 12),
        let flags = try? bytes.little(UInt32.self, at: 20),
        let trees = try? bytes.little(UInt32.self, at: 52)
      else { return false }
      return (1...4096).contains(width) && (1...4096).contains(height)
        && (1...1_000_000).contains(frames) && flags < 8 && trees < 0x100_0000
    }
  ) { file in
    try Examination.walk("smk", file) { try SmackerWalk(file).examination() }
  }
}

/// The walk over the frames of a Smacker file, each with a palette and sound in front.
private struct SmackerWalk {
  private let file: Source
  private var sizes: Window
  private var kinds: Window
  private var frames: Window

  init(_ file: Source) {
    self.file = file
    sizes = Window(file)
    kinds = Window(file)
    frames = Window(file, span: 512)
  }

  func examination() throws -> Examination {
    var walk = self
    var count = UInt64(try walk.sizes.little(UInt32.self, at: 12))
    if try walk.sizes.little(UInt32.self, at: 20) & 1 == 1 { count += 1 }
    guard count <= 0xFF_FFFF else { throw Malformed("Smacker", "too many frames", at: 12) }
    let trees = UInt64(try walk.sizes.little(UInt32.self, at: 52))
    let kindTable = try ByteOffset(104) + ByteCount(4 * count)
    var position = try kindTable + ByteCount(count) + ByteCount(trees)
    for index in 0..<count {
      let size = UInt64(try walk.sizes.little(UInt32.self, at: ByteOffset(104 + 4 * index))) & ~3
      let end = try position + ByteCount(size)
      let kind = try walk.kinds.byte(at: kindTable + ByteCount(index))
      try walk.check(position..<end, kind: kind)
      position = end
    }
    guard position <= file.range.upperBound else { throw Truncated() }
    return .whole("smk", "Smacker", end: position, and: [.payloadUnchecked])
  }

  /// The palette and the sounds of a frame, which state their sizes, must fit into it.
  private mutating func check(_ frame: Range<ByteOffset>, kind: UInt8) throws {
    var position = frame.lowerBound
    if kind & 1 == 1 {
      position = try position + ByteCount(4 * UInt64(frames.byte(at: position)))
    }
    for track in 1...7 where kind >> UInt8(track) & 1 == 1 {
      let size = try frames.little(UInt32.self, at: position)
      guard size >= 4 else { throw Malformed("Smacker", "an impossible sound", at: position) }
      position = try position + ByteCount(UInt64(size))
    }
    guard position <= frame.upperBound else {
      throw Malformed("Smacker", "a frame is larger than its size", at: frame.lowerBound)
    }
    guard frame.upperBound <= file.range.upperBound else { throw Truncated() }
  }
}
