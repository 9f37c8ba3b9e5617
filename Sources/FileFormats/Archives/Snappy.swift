// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Snappy, framed: chunks, each with its checksum. Nothing marks the last one.
  ///
  ///     FF 06 00 00 "sNaPpY"; then chunks: u8 type, u24 length
  ///     0 compressed, 1 not: u32 checksum (CRC-32C, rotated), data; from 0x80 on: passed over
  ///
  /// - Source: Google, *Snappy framing format description*.
  package static let snappy = FileFormat(
    id: "sz", name: "Snappy archive", category: .archive, validation: .checksums,
    signatures: [Signature(SnappyWalk.start)], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let type = try? bytes.little(UInt8.self, at: 10) else { return false }
      return type <= 1 || type >= 0xFE
    }
  ) { file in
    try Examination.walk("sz", file) { try SnappyWalk(file).examination() }
  }
}

/// The walk over the chunks of a Snappy file.
private struct SnappyWalk {
  static let start: [UInt8] = [0xFF, 6, 0, 0, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59]
  private static let mostInChunk = 0x1_0000
  private static let mostStored = 0x1_8000
  private static let mostChunks = 40_000_000
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var position: ByteOffset = 0
    // Behind the last chunk with data.
    var end: ByteOffset = 0
    var sums: UInt64 = 0
    for _ in 0..<Self.mostChunks {
      guard let head = try? file.read(at: position, count: 4) else { break }
      let length = Int(head[1]) | Int(head[2]) << 8 | Int(head[3]) << 16
      let behind = try position + 4 + ByteCount(clamping: length)
      switch head[0] {
      case 0, 1:
        guard length > 4, length <= Self.mostStored else { return try finish(end, sums) }
        let data = try file.read(at: position + 4, count: ByteCount(clamping: length))
        guard holds(data, isStored: head[0] == 1) else {
          throw Malformed("Snappy", "the checksum of a chunk is wrong", at: position)
        }
        sums &+= 1
        end = behind
      case 0xFF where try file.readPrefix(at: position, count: 10) == Self.start: break
      case 0x80...0xFE where length <= Self.mostInChunk: break
      default: return try finish(end, sums)
      }
      position = behind
    }
    return try finish(end, sums)
  }

  private func holds(_ data: [UInt8], isStored: Bool) -> Bool {
    let body = Array(data[4...])
    guard let stated = try? data.little(UInt32.self, at: 0),
      let plain = isStored ? body : CopyingBlocks.unpackSnappy(body, limit: Self.mostInChunk)
    else { return false }
    var crc = CRC32(.castagnoli)
    crc.update(plain)
    return (crc.value >> 15 | crc.value << 17) &+ 0xA282_EAD8 == stated
  }

  private func finish(_ end: ByteOffset, _ sums: UInt64) throws -> Examination {
    guard sums > 0 else { throw Malformed("Snappy", "it holds no data", at: 10) }
    return .whole(
      "sz", "Snappy", end: end, and: [.checksumsHold(count: sums, kind: "CRC-32C"), .endReasoned])
  }
}
