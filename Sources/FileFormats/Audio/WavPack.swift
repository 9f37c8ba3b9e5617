// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// WavPack: blocks, each with its size and its place among the samples, up to the stated number of
  /// samples; since version 5 each with a checksum.
  ///
  /// - Source: D. Bryant, *WavPack 4 & 5 Binary File / Block Format*.
  package static let wv = FileFormat(
    id: "wv", name: "WavPack sound", category: .audio, extensions: ["wv", "wvc"],
    validation: .checksums,
    signatures: [Signature("wvpk")], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: 32), let block = WavPackBlock(head) else {
        return false
      }
      return block.index == 0
    }
  ) { file in
    try Examination.walk("wv", file) { try WavPackWalk.examination(file) }
  }
}

/// The head of a WavPack block.
///
/// | Offset | Size | Field   | Unit                                                      |
/// |-------:|-----:|---------|-----------------------------------------------------------|
/// |   0x00 |    4 | mark    | `wvpk`                                                    |
/// |   0x04 |    4 | size    | bytes of the block, less 8                                |
/// |   0x08 |    2 | version | 0x402 to 0x410                                            |
/// |   0x0A |    2 | high    | bits 32–39 of the index and of the total                  |
/// |   0x0C |    4 | total   | samples of the file; all ones where unknown               |
/// |   0x10 |    4 | index   | of the block's first sample                               |
/// |   0x14 |    4 | samples | in the block                                              |
/// |   0x18 |    4 | flags   | bit 12: last of its samples; bit 28: ends in a checksum   |
///
/// - Source: D. Bryant, *WavPack 4 & 5 Binary File / Block Format*, "Block Header".
private struct WavPackBlock {
  let length: UInt64
  let index: UInt64
  /// Nil where it is not known.
  let total: UInt64?
  let samples: UInt64
  let isLast: Bool
  let hasChecksum: Bool

  /// Nil where no block starts.
  init?(_ head: [UInt8]) {
    guard head.count >= 32, head.holds(Array("wvpk".utf8), at: 0),
      let size = try? head.little(UInt32.self, at: 4),
      let version = try? head.little(UInt16.self, at: 8),
      let low = try? head.little(UInt32.self, at: 12),
      let place = try? head.little(UInt32.self, at: 16),
      let samples = try? head.little(UInt32.self, at: 20),
      let flags = try? head.little(UInt32.self, at: 24),
      (24...0x10_0000).contains(size), (0x402...0x410).contains(version)
    else { return nil }
    length = UInt64(size) + 8
    index = UInt64(head[10]) << 32 | UInt64(place)
    total = low == .max ? nil : UInt64(head[11]) << 32 | UInt64(low)
    self.samples = UInt64(samples)
    isLast = flags >> 12 & 1 == 1
    hasChecksum = flags >> 28 & 1 == 1
  }
}

/// The walk over the blocks of a WavPack file.
private enum WavPackWalk {
  static func examination(_ file: Source) throws -> Examination {
    var window = Window(file, span: 0x1_0000)
    var position: ByteOffset = 0
    var passed: UInt64 = 0
    var total: UInt64?
    var blocks: UInt64 = 0
    var areChecked = true
    var isEnded = false
    while let head = try? window.copy(at: position, count: 32), let block = WavPackBlock(head) {
      // Behind the last samples, blocks without any hold what stood behind them in the original.
      if isEnded, block.samples > 0 { break }
      if blocks == 0 { total = block.total }
      guard block.samples == 0 || block.index == passed else {
        throw Malformed("WavPack", "a block of other samples", at: position)
      }
      let bytes = try window.copy(at: position, count: Int(clamping: block.length))
      if block.hasChecksum {
        guard checksumHolds(bytes) else {
          throw Malformed("WavPack", "the checksum of a block is wrong", at: position)
        }
      } else {
        areChecked = false
      }
      if block.isLast { passed &+= block.samples }
      isEnded = passed > 0 && total.map { passed >= $0 } ?? false
      blocks &+= 1
      position = try position + ByteCount(block.length)
    }
    guard isEnded || (total == nil && passed > 0) else {
      if try file.readPrefix(at: position, count: 32).count < 32 { throw Truncated() }
      throw Malformed("WavPack", "the blocks end before the samples do", at: position)
    }
    let tags = try TrailingTags(in: file, after: position)
    let proof: [Evidence] =
      areChecked ? [.checksumsHold(count: blocks, kind: "WavPack")] : [.payloadUnchecked]
    return tags.examination("wv", "WavPack", isEndStated: total != nil, and: proof)
  }

  /// The block's last part is a sum of two or four bytes, with a head of two, over all words before.
  private static func checksumHolds(_ block: [UInt8]) -> Bool {
    for width in [4, 2] {
      let start = block.count - width
      guard block.holds([0x2F, UInt8(width / 2)], at: start - 2) else { continue }
      var sum = UInt32.max
      for index in stride(from: 0, to: start - 2, by: 2) {
        sum = sum &* 3 &+ (UInt32(block[index]) | UInt32(block[index + 1]) << 8)
      }
      if width == 4 { return (try? block.little(UInt32.self, at: start)) == sum }
      return (try? block.little(UInt16.self, at: start))
        == UInt16(truncatingIfNeeded: sum ^ sum >> 16)
    }
    return false
  }
}
