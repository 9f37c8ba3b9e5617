// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// Lossless sound with checksums, beside FLAC: True Audio and WavPack.
enum LosslessSpecimens {
  static let all: [Specimen] = tta + wavpack

  private static func checked(_ bytes: [UInt8]) -> [UInt8] {
    var crc = CRC32(.iso)
    crc.update(bytes)
    return bytes + little(crc.value)
  }

  private static let tta: [Specimen] = {
    let frames = (0..<4).map { checked(junk(300 + $0 * 11, seed: UInt64($0))) }
    // A frame at 8000 Hz holds 8359 samples.
    let head = checked(
      ascii("TTA1") + [1, 0, 1, 0, 16, 0] + little(UInt32(8000)) + little(UInt32(8359 * 3 + 5)))
    let table = checked(frames.flatMap { little(UInt32($0.count)) })
    let bytes = head + table + frames.flatMap { $0 }
    return [
      Specimen(
        .tta, bytes, verdict: .verified, boundaries: [22, 42, 346], covered: [0..<bytes.count])
    ]
  }()

  /// A block of 100 samples.
  private static func block(
    _ index: UInt32, total: UInt32, samples: UInt32 = 100, hasChecksum: Bool = true
  ) -> [UInt8] {
    let content = junk(200 + Int(index % 7) * 2, seed: UInt64(index))
    let size = content.count + 24 + (hasChecksum ? 6 : 0)
    let flags: UInt32 = 0x1801 | (hasChecksum ? 0x1000_0000 : 0)
    let bytes =
      ascii("wvpk") + little(UInt32(size)) + little(UInt16(0x410)) + [0, 0] + little(total)
      + little(index) + little(samples) + little(flags) + junk(4) + content
    guard hasChecksum else { return bytes }
    var sum = UInt32.max
    for place in stride(from: 0, to: bytes.count, by: 2) {
      sum = sum &* 3 &+ UInt32(bytes[place]) &+ UInt32(bytes[place + 1]) << 8
    }
    return bytes + [0x2F, 2] + little(sum)
  }

  private static let wavpack: [Specimen] = {
    let blocks = (0..<5).flatMap { block(UInt32($0) * 100, total: 500) }
    let tail = block(500, total: 500, samples: 0)
    let old = (0..<5).flatMap { block(UInt32($0) * 100, total: 500, hasChecksum: false) }
    return [
      Specimen(
        .wv, blocks + tail, verdict: .verified, boundaries: [32, 262, blocks.count],
        covered: [32..<blocks.count], wholeCuts: [blocks.count..<blocks.count + 32]),
      Specimen(
        .wv, old + FrameChainSpecimens.oldAPETag, label: "before version 5", name: "A boat",
        verdict: .probable, wholeCuts: [old.count..<old.count + 60]),
    ]
  }()
}
