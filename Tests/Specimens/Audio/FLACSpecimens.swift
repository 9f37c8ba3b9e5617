// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

enum FLACSpecimens {
  private static let blockSize = 192

  private static func block(_ type: UInt8, _ data: [UInt8], isLast: Bool = false) -> [UInt8] {
    big(UInt32(data.count) | UInt32(type | (isLast ? 0x80 : 0)) << 24) + data
  }

  private static func stream(samples: UInt64) -> [UInt8] {
    big(UInt16(blockSize)) + big(UInt16(blockSize)) + zeros(6)
      + big(8000 << 44 | 1 << 41 | 7 << 36 | samples) + zeros(16)
  }

  /// A frame of two channels of eight bits, coded in one of four ways.
  private static func frame(_ number: UInt8, kind: Int) -> [UInt8] {
    var bits = SoundBits()
    for (value, width) in [(0x7FFC, 15), (0, 1), (1, 4), (4, 4), (1, 4), (1, 3), (0, 1)] {
      bits.put(UInt64(value), width)
    }
    bits.put(UInt64(number), 8)
    bits.put(UInt64(crc(.flacHeader, bits.bytes)), 8)
    subframe(&bits, kind: kind, seed: UInt64(number))
    subframe(&bits, kind: (kind + 1) % 4, seed: UInt64(number) + 99)
    return bits.bytes + big(UInt16(crc(.ibm, bits.bytes)))
  }

  private static func subframe(_ bits: inout SoundBits, kind: Int, seed: UInt64) {
    let samples = junk(blockSize, seed: seed)
    switch kind {
    case 0:
      bits.put(0, 8)
      bits.put(0x55, 8)
    case 1:
      bits.put(2, 8)
      for sample in samples { bits.put(UInt64(sample), 8) }
    case 2:
      bits.put(9 << 1, 8)
      bits.put(0x12, 8)
      rice(&bits, samples, order: 1)
    default:
      bits.put(33 << 1, 8)
      bits.put(0x1234, 16)
      bits.put(3, 4)
      bits.put(2, 5)
      bits.put(0x5A, 8)
      rice(&bits, samples, order: 2)
    }
  }

  /// Two partitions, of which the second is not coded.
  private static func rice(_ bits: inout SoundBits, _ samples: [UInt8], order: Int) {
    bits.put(0, 2)
    bits.put(1, 4)
    bits.put(3, 4)
    for sample in samples[order..<96] {
      bits.put(1, Int(sample % 5) + 1)
      bits.put(UInt64(sample >> 5), 3)
    }
    bits.put(15, 4)
    bits.put(6, 5)
    for sample in samples[96...] { bits.put(UInt64(sample & 63), 6) }
  }

  private static func crc(_ polynomial: ForwardCRC.Polynomial, _ bytes: [UInt8]) -> UInt32 {
    var crc = ForwardCRC(polynomial)
    crc.update(bytes)
    return crc.value
  }

  private static let comment = OggSpecimens.comment([
    "TITLE=A boat", "ARTIST=Anna", "DATE=2021-03-04",
  ])
  private static let frames = (0..<6).map { frame(UInt8($0), kind: $0 % 4) }

  private static func file(samples: UInt64, _ more: [UInt8] = []) -> [UInt8] {
    ascii("fLaC") + block(0, stream(samples: samples)) + block(4, comment) + more
      + block(1, zeros(64), isLast: true)
  }

  static let all: [Specimen] = {
    let date = Timestamp(year: 2021, month: 3, day: 4)
    let head = file(samples: UInt64(6 * blockSize))
    let known = head + frames.flatMap { $0 }
    let open = file(samples: 0) + frames.flatMap { $0 }
    let opaque = file(samples: UInt64(6 * blockSize), block(2, junk(2000))) + frames.flatMap { $0 }
    let tag = ascii("TAG") + ascii("Song", padTo: 125)
    let starts = frames.indices.map { head.count + frames[..<$0].reduce(0) { $0 + $1.count } }
    return [
      Specimen(
        .flac, known, name: "Anna - A boat", date: date, verdict: .verified,
        boundaries: [4, 42] + starts, covered: [head.count..<known.count]),
      Specimen(
        .flac, known + tag, label: "with a tag behind", verdict: .verified,
        boundaries: [known.count], wholeCuts: [known.count..<known.count + 3]),
      Specimen(.flac, open, label: "of unknown length", verdict: .probable),
      Specimen(.flac, opaque, label: "with foreign data", verdict: .probable),
    ]
  }()
}
