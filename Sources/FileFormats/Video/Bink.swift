// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Bink, the video of games, in both of its versions: a table of where each frame starts.
  ///
  /// | Offset | Size | Field        | Unit                                                      |
  /// |-------:|-----:|--------------|-----------------------------------------------------------|
  /// |   0x00 |    4 | signature    | "BIK" or "KB2" and a letter                               |
  /// |   0x04 |    4 | size         | bytes of the file, but for these eight                    |
  /// |   0x08 |    4 | frames       | count                                                     |
  /// |   0x14 |  2×4 | width, height | pixels                                                   |
  /// |   0x28 |    4 | tracks       | of sound; 12 bytes each behind                            |
  /// |      … |    … | offsets      | of all frames, and of the end; bit 0: key frame           |
  ///
  /// - Source: no specification is public; known from the documentation of players.
  package static let bink = FileFormat(
    id: "bik", name: "Bink video", category: .video, extensions: ["bik", "bk2"], validation: .size,
    signatures: ["BIK", "KB2"].map {
      // All letters of versions are lower case.
      Signature(masked: $0.utf8.map { Signature.Element($0) } + [.init(0x60, mask: 0xE0)])
    },
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let frames = try? bytes.little(UInt32.self, at: 8),
        let width = try? bytes.little(UInt32.self, at: 20),
        let height = try? bytes.little(UInt32.self, at: 24),
        let rate = try? bytes.little(UInt32.self, at: 28),
        let tracks = try? bytes.little(UInt32.self, at: 40)
      else { return false }
      return (1...1_000_000).contains(frames) && (1...0x4000).contains(width)
        && (1...0x4000).contains(height) && (1...1_000_000).contains(rate) && tracks <= 256
    }
  ) { file in
    try Examination.walk("bik", file) { try BinkWalk(file).examination() }
  }
}

/// The check of the table of frames.
private struct BinkWalk {
  private let file: Source
  private var window: Window

  init(_ file: Source) {
    self.file = file
    window = Window(file)
  }

  func examination() throws -> Examination {
    var walk = self
    let end = try ByteOffset(UInt64(walk.window.little(UInt32.self, at: 4))) + 8
    let frames = try walk.window.little(UInt32.self, at: 8)
    let tracks = UInt64(try walk.window.little(UInt32.self, at: 40))
    guard frames <= 1_000_000, tracks <= 256 else {
      throw Malformed("Bink", "an impossible header", at: 0)
    }
    let isSecond = try walk.window.byte(at: 0) == 0x4B
    // The later letters of both versions have four bytes more.
    let letter = try walk.window.byte(at: 3)
    let extra: UInt64 = letter >= 0x69 && isSecond || letter == 0x6B ? 4 : 0
    for gap in [extra, 4 - extra] {
      let start = ByteOffset(44 + 12 * tracks + gap)
      if try walk.tableHolds(at: start, frames: frames, end: end) {
        guard end <= file.range.upperBound else { throw Truncated() }
        return .whole("bik", "Bink", end: end, and: [.payloadUnchecked])
      }
    }
    throw Malformed("Bink", "its table of frames is wrong", at: 0)
  }

  /// Whether the offsets rise, from behind the table on, and stay below the file's end.
  private mutating func tableHolds(
    at start: ByteOffset, frames: UInt32, end: ByteOffset
  ) throws -> Bool {
    var last = try start + ByteCount(4) * UInt64(frames)
    for index in 0..<UInt64(frames) {
      let entry = try window.little(UInt32.self, at: start + ByteCount(4) * index)
      let offset = ByteOffset(UInt64(entry & ~1))
      guard offset > last, offset < end else { return false }
      last = offset
    }
    return true
  }
}
