// SPDX-License-Identifier: Apache-2.0

/// The header of one MPEG audio frame, and what follows from it.
///
/// | Bits  | Field      | Meaning                                  |
/// |------:|------------|------------------------------------------|
/// | 31–21 | sync       | all ones                                 |
/// | 20–19 | version    | 3: 1, 2: 2, 0: 2.5                       |
/// | 18–17 | layer      | 3: I, 2: II, 1: III                      |
/// | 15–12 | bit rate   | index; neither 0 (free) nor 15           |
/// | 11–10 | rate       | index of the sampling rate               |
/// |     9 | padding    | one slot more                            |
/// |   7–6 | mode       | 3: one channel                           |
/// |   1–0 | emphasis   | 2 is reserved                            |
///
/// - Source: ISO/IEC 11172-3:1993, §2.4.2.3; ISO/IEC 13818-3:1998 for the lower rates.
struct MPEGAudioFrame: Equatable {
  private static let bitRates: [[UInt64]] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ]
  private static let samplingRates: [UInt64] = [44_100, 48_000, 32_000]

  /// Version, layer and sampling rate: the same in all frames of a stream.
  let stream: UInt32
  let isMono: Bool
  let layer: Int
  /// Bytes of the frame, header included.
  let length: Int
  /// Where an encoder's own header would stand in the first frame.
  let headerOffset: Int

  /// Nil where `word`, the frame's first four bytes, is no header.
  init?(_ word: UInt32) {
    let version = Int(word >> 19 & 3)
    let layer = 4 - Int(word >> 17 & 3)
    let rate = Int(word >> 12 & 15)
    let sampling = Int(word >> 10 & 3)
    guard word >> 21 == 0x7FF, version != 1, layer < 4, (1...14).contains(rate), sampling < 3,
      word & 3 != 2
    else { return nil }
    self.layer = layer
    stream = word & 0x001E_0C00
    isMono = word >> 6 & 3 == 3
    let isFirst = version == 3
    let kilobits = Self.bitRates[isFirst ? layer - 1 : min(layer + 2, 4)][rate]
    let hertz = Self.samplingRates[sampling] >> (isFirst ? 0 : version == 2 ? 1 : 2)
    let padding = UInt64(word >> 9 & 1)
    let size: UInt64
    switch (layer, isFirst) {
    case (1, _): size = (12_000 * kilobits / hertz + padding) * 4
    case (3, false): size = 72_000 * kilobits / hertz + padding
    default: size = 144_000 * kilobits / hertz + padding
    }
    length = Int(size)
    headerOffset = isFirst ? (isMono ? 21 : 36) : (isMono ? 13 : 21)
  }

  /// Whether `other` can belong to the same stream.
  func isFollowed(by other: MPEGAudioFrame) -> Bool {
    stream == other.stream && isMono == other.isMono
  }
}
