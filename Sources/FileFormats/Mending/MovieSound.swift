// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The sound that stands between the frames of a movie.
enum MovieSound {
  private static let mostSamples: UInt64 = 4_000_000

  /// Its track; nil where nothing tells its samples apart.
  static func track(_ sound: MovieReference.Sound, in gaps: [Range<ByteOffset>]) -> MovieTrack? {
    var track = MovieTrack(
      kind: .sound, description: sound.description, scale: sound.scale, ticks: sound.ticks)
    let size = frameSize(sound)
    guard size > 0 else { return nil }
    var left = mostSamples
    for gap in gaps {
      let count = gap.length.rawValue / size
      // What does not consist of whole samples is something else.
      guard gap.length.rawValue % size == 0, count <= left else { continue }
      left -= count
      for index in 0..<count {
        let start = gap.lowerBound.advancedClamped(by: ByteCount(index * size))
        track.samples.append(start..<start.advancedClamped(by: ByteCount(size)))
      }
    }
    return track.samples.isEmpty ? nil : track
  }

  /// Bytes of a sample of all channels, where each has the same; 0 elsewhere.
  private static func frameSize(_ sound: MovieReference.Sound) -> UInt64 {
    guard
      ["sowt", "twos", "in24", "in32", "fl32", "raw ", "lpcm", "fpcm", "ipcm"].contains(
        sound.codec),
      let channels = try? sound.description.big(UInt16.self, at: 40),
      let bits = try? sound.description.big(UInt16.self, at: 42)
    else { return 0 }
    if sound.sampleSize > 1 { return UInt64(sound.sampleSize) }
    return UInt64(channels) * UInt64(bits / 8)
  }
}
