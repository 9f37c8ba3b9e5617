// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// How many frames and bytes an encoder counted in its own header. Some count the frame that this
/// header stands in, some do not, and some round.
struct MP3Count {
  private static let roundedFrames = 2
  private static let roundedBytes: ByteCount = 4096

  var frames: Int?
  /// The first frame, and where the last one ends by the number of bytes.
  var start: ByteOffset = 0
  var end: ByteOffset?
  /// The checksum over all frames but the first, and how many bytes there are with it.
  var checksum: (value: UInt16, length: UInt32)?

  /// What it shows of a chain from `second`, the frame behind the first, up to `end`. Tools that change
  /// the volume of frames do not mend the checksum: a wrong one proves nothing.
  func evidence(
    _ file: Source, from second: ByteOffset, to end: ByteOffset
  ) throws -> [Evidence] {
    guard let checksum, (try? start + ByteCount(UInt64(checksum.length))) == end, second < end
    else { return [] }
    var crc = CRC16()
    var position = second
    while position < end {
      let bytes = try file.read(at: position, count: min((position..<end).length, 0x1_0000))
      crc.update(bytes)
      position = try position + ByteCount(clamping: bytes.count)
    }
    return crc.value == checksum.value
      ? [.checksumsHold(count: 1, kind: "CRC-16")] : [.payloadUnchecked]
  }

  /// Whether a chain of so many frames up to `position` is all that was counted.
  func areMet(_ passed: Int, _ position: ByteOffset) -> Bool {
    if let end, position == end || checksum != nil { return position == end }
    return frames.map { $0 > 0 && ($0...$0 &+ 1).contains(passed) } ?? false
  }

  /// Whether a chain of so many frames up to `position` is shorter than what was counted, however it
  /// was.
  func areMissing(_ passed: Int, _ position: ByteOffset) -> Bool {
    guard !areMet(passed, position) else { return false }
    // Who writes a checksum counts every byte.
    if let end, checksum != nil { return position < end }
    let lacksFrames = frames.map { passed < $0 } ?? false
    let lacksBytes = end.map { position < $0 } ?? false
    if lacksFrames, lacksBytes { return true }
    if let frames, passed < frames - Self.roundedFrames { return true }
    guard let end, end.rawValue &- start.rawValue > 2 * Self.roundedBytes.rawValue else {
      return false
    }
    return position.advancedClamped(by: Self.roundedBytes) < end
  }
}
