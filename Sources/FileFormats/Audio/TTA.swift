// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// True Audio: a head, a table of the frames' sizes, and the frames, each part with its CRC-32.
  ///
  /// | Offset | Size | Field         | Unit                                  |
  /// |-------:|-----:|---------------|---------------------------------------|
  /// |   0x00 |    4 | mark          | `TTA1`                                |
  /// |   0x04 |    6 | format        | kind, channels, bits a sample; u16    |
  /// |   0x0A |    4 | sampling rate | hertz                                 |
  /// |   0x0E |    4 | samples       | of one channel                        |
  /// |   0x12 |    4 | checksum      | CRC-32 of all before                  |
  ///
  /// A frame holds 256/245 seconds.
  ///
  /// - Source: A. Djourik, *TTA lossless audio codec format description*, TTA1.
  package static let tta = FileFormat(
    id: "tta", name: "True Audio sound", category: .audio, validation: .checksums,
    signatures: [Signature("TTA1")], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: 18) else { return false }
      return (try? bytes.little(UInt32.self, at: 18)) == TTAWalk.checksum(head)
    }
  ) { file in
    try Examination.walk("tta", file) { try TTAWalk.examination(file) }
  }
}

/// The walk over the frames of a TTA file.
private enum TTAWalk {
  private static let longestFrame: UInt64 = 0x100_0000

  static func examination(_ file: Source) throws -> Examination {
    let head = try file.read(at: 0, count: 22)
    guard try head.little(at: 18) == checksum(Array(head[..<18])) else {
      throw Malformed("TTA", "the checksum of its head is wrong", at: 0)
    }
    let rate = UInt64(try head.little(UInt32.self, at: 10))
    let samples = UInt64(try head.little(UInt32.self, at: 14))
    let share = rate * 256 / 245
    guard share > 0, samples > 0 else { throw Malformed("TTA", "it holds no sound", at: 10) }
    let frames = (samples + share - 1) / share
    // An hour is some 3500 frames.
    guard frames < 0x40_0000 else { throw Malformed("TTA", "there are too many frames", at: 14) }
    let table = try file.read(at: 22, count: ByteCount(frames * 4))
    var position = try ByteOffset(22) + ByteCount(frames * 4)
    guard try file.little(at: position) == checksum(table) else {
      throw Malformed("TTA", "the checksum of the table of frames is wrong", at: 22)
    }
    position = try position + 4
    for index in 0..<Int(clamping: frames) {
      let size = UInt64(try table.little(UInt32.self, at: index * 4))
      guard (5...longestFrame).contains(size) else {
        throw Malformed("TTA", "a frame of \(size) bytes", at: position)
      }
      let end = try position + ByteCount(size)
      let stop = try position + ByteCount(size - 4)
      let value = try file.withBytes(in: position..<stop) { checksum($0) }
      guard try file.little(at: stop) == value else {
        throw Malformed("TTA", "the checksum of a frame is wrong", at: position)
      }
      position = end
    }
    let tags = try TrailingTags(in: file, after: position)
    return tags.examination(
      "tta", "TTA", isEndStated: true, and: [.checksumsHold(count: frames + 2, kind: "CRC-32")])
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withSpan { checksum($0) } }

  private static func checksum(_ bytes: RawSpan) -> UInt32 {
    var crc = CRC32(.iso)
    crc.update(bytes)
    return crc.value
  }
}
