// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// LZ4: frames end to end, of blocks up to one of size zero.
  ///
  /// - Source: Y. Collet, *LZ4 Frame Format Description* 1.6.1.
  package static let lz4 = FileFormat(
    id: "lz4", name: "LZ4 archive", category: .archive, extensions: ["lz4", "tlz4"],
    validation: .checksums,
    signatures: [Signature(LZ4Frame.mark)], maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: min(19, bytes.byteCount)))
        .flatMap { try? LZ4Frame($0) } != nil
    }
  ) { file in
    try Examination.walk("lz4", file) {
      try PackedStreams(id: "lz4", name: "LZ4", checksum: "XXH32").examination(of: file) {
        position in
        let head = try file.readPrefix(at: position, count: 19)
        if position > 0, head.holds([0x2A, 0x4D, 0x18], at: 1), head[0] & 0xF0 == 0x50 {
          let length = ByteCount(UInt64(try head.little(UInt32.self, at: 4)))
          return .passed(end: try position + 8 + length, isChecked: length <= 0x1_0000)
        }
        guard head.holds(LZ4Frame.mark, at: 0) else { return nil }
        let frame = try LZ4Frame(head)
        return .held(
          end: try frame.end(in: file, from: position), isChecked: frame.isChecked)
      }
    }
  }
}

/// A frame of an LZ4 file, as its header describes it.
///
///     0  04 22 4D 18   4  u8 flags: version 1 (6-7), blocks stand alone (5), block checksums (4),
///        content size (3), content checksum (2), dictionary (0)   5  u8 block size (4-6)
///     then [u64 size] [u32 dictionary], u8: second byte of the XXH32 from byte 4 on
///     block: u32 size (31: not compressed), data, [u32 XXH32]; after the last: [u32 XXH32]
///
/// - Source: Y. Collet, *LZ4 Frame Format Description* 1.6.1, "General Structure of LZ4 Frame".
private struct LZ4Frame {
  static let mark: [UInt8] = [0x04, 0x22, 0x4D, 0x18]
  private static let window = 0x1_0000

  private let length: Int
  private let mostInBlock: Int
  private let standsAlone: Bool
  private let hasBlockSums: Bool
  private let hasSum: Bool
  private let hasDictionary: Bool

  /// - Parameter bytes: the first 19, or as many as there are.
  init(_ bytes: [UInt8]) throws {
    let flags = try bytes.little(UInt8.self, at: 4)
    let block = try bytes.little(UInt8.self, at: 5)
    let hasSize = flags & 8 != 0
    hasDictionary = flags & 1 != 0
    length = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0)
    let sum = XXH32.hash(try bytes.copy(at: 4, count: length - 5))
    guard flags & 0xC2 == 0x40, block & 0x8F == 0, block >= 0x40,
      try bytes.little(UInt8.self, at: length - 1) == UInt8(truncatingIfNeeded: sum >> 8)
    else { throw Malformed("LZ4", "the header of a frame is wrong") }
    mostInBlock = 1 << (8 + 2 * Int(block >> 4))
    standsAlone = flags & 0x20 != 0
    hasBlockSums = flags & 0x10 != 0
    hasSum = flags & 4 != 0
  }

  var isChecked: Bool { hasBlockSums || hasSum && !hasDictionary }

  /// Decompresses the blocks of the frame that starts at `start`, compares its checksums, and says
  /// where it ends.
  func end(in file: Source, from start: ByteOffset) throws -> ByteOffset {
    var position = try start + ByteCount(clamping: length)
    var sum = XXH32()
    var output: [UInt8] = []
    while true {
      let word = try file.little(UInt32.self, at: position)
      position = try position + 4
      if word == 0 { break }
      let count = Int(word & 0x7FFF_FFFF)
      guard count <= mostInBlock else {
        throw Malformed("LZ4", "a block is too long", at: position)
      }
      let block = try file.read(at: position, count: ByteCount(clamping: count))
      let behind = try position + ByteCount(clamping: count)
      if hasBlockSums, try file.little(UInt32.self, at: behind) != XXH32.hash(block) {
        throw Malformed("LZ4", "the checksum of a block is wrong", at: position)
      }
      if !hasDictionary {
        let kept = try unpack(block, isStored: word >> 31 == 1, onto: &output, at: position)
        if hasSum { sum.update(Array(output[kept...])) }
      }
      position = try behind + (hasBlockSums ? 4 : 0)
    }
    guard hasSum else { return position }
    guard try hasDictionary || file.little(UInt32.self, at: position) == sum.value else {
      throw Malformed("LZ4", "the checksum of its data is wrong", at: position)
    }
    let end = try position + 4
    guard end <= file.range.upperBound else { throw Truncated() }
    return end
  }

  /// Puts a block's data behind what the next copies may reach back to; returns where it starts.
  private func unpack(
    _ block: [UInt8], isStored: Bool, onto output: inout [UInt8], at position: ByteOffset
  ) throws -> Int {
    output = standsAlone ? [] : Array(output.suffix(Self.window))
    let kept = output.count
    if isStored {
      output += block
    } else if !CopyingBlocks.unpackLZ4(block, onto: &output, limit: mostInBlock) {
      throw Malformed("LZ4", "a block cannot be decompressed", at: position)
    }
    return kept
  }
}
