// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// Sound that is a chain of frames: MP3, AAC, AC-3, AMR.
enum FrameChainSpecimens {
  static let all: [Specimen] = mp3 + aac + ac3 + amr

  static let oldTag =
    ascii("TAG") + ascii("A boat", padTo: 30) + ascii("Anna", padTo: 95)
  private static let apeItem = little(UInt32(6)) + zeros(4) + ascii("Title\0A boat")
  /// An APE tag of version 2, and one of version 1, which has no head.
  private static let apeTag = apeEnd(0xA000_0000) + apeItem + apeEnd(0x8000_0000)
  static let oldAPETag = apeItem + apeEnd(0)

  private static func apeEnd(_ flags: UInt32) -> [UInt8] {
    ascii("APETAGEX") + little(UInt32(2000)) + little(UInt32(32 + apeItem.count))
      + little(UInt32(1)) + little(flags) + zeros(8)
  }

  static let tag: [UInt8] = {
    func text(_ id: String, _ value: String) -> [UInt8] {
      ascii(id) + big(UInt32(value.utf8.count + 1)) + [0, 0, 3] + ascii(value)
    }
    let frames =
      text("TPE1", "Anna") + text("TIT2", "A boat") + text("TDRC", "2021-03-04") + zeros(20)
    return ascii("ID3") + [3, 0, 0, 0, 0, 0, UInt8(frames.count)] + frames
  }()
  private static let date = Timestamp(year: 2021, month: 3, day: 4)

  private static let mp3: [Specimen] = {
    // 64 kbit/s, 48 kHz: 192 bytes a frame.
    let head: [UInt8] = [0xFF, 0xFB, 0x54, 0x64]
    let frames = (0..<12).flatMap { head + junk(188, seed: $0) }
    let stated = head + zeros(32) + ascii("Info") + big(UInt32(3)) + big(UInt32(12))
    let first = stated + big(UInt32(13 * 192)) + zeros(192 - stated.count - 4)
    var crc = CRC16()
    crc.update(frames)
    let lame =
      [0xFF, 0xFB, 0x64, 0x64] + zeros(32) + ascii("Info") + big(UInt32(15)) + big(UInt32(12))
    let size = big(UInt32(12 * 192 + 240))
    let checked =
      lame + size + zeros(104) + ascii("LAME3.100") + zeros(19) + size + big(crc.value) + [0, 0]
      + zeros(240 - 192)
    return [
      Specimen(
        .mp3, checked + frames, label: "with a checksum", verdict: .verified,
        covered: [240..<240 + frames.count]),
      Specimen(
        .mp3, tag + first + frames, name: "Anna - A boat", date: date, verdict: .intact,
        boundaries: [tag.count, tag.count + 192],
        // Encoders disagree whether they count the frame that holds the number.
        wholeCuts: [tag.count + 10 * 192..<tag.count + 13 * 192]),
      Specimen(.mp3, frames, label: "without tags", verdict: .probable),
      Specimen(
        .mp3, frames + oldTag, label: "with a tag behind", name: "Anna - A boat", verdict: .intact,
        boundaries: [frames.count]),
    ]
  }()

  private static let aac: [Specimen] = {
    let frames = (0..<14).flatMap { index in
      let length = 200 + index * 7
      var bits = SoundBits()
      let fields: [(Int, Int)] = [
        (0xFFF, 12), (0, 3), (1, 1), (1, 2), (4, 4), (0, 1), (2, 3), (0, 4), (length, 13),
        (0x7FF, 11), (0, 2),
      ]
      for (value, width) in fields { bits.put(UInt64(value), width) }
      return bits.bytes + junk(length - 7, seed: UInt64(index))
    }
    return [
      Specimen(.aac, frames, verdict: .probable, boundaries: [200, 407, 621]),
      Specimen(
        .aac, tag + frames + apeTag, label: "with tags", name: "Anna - A boat", date: date,
        verdict: .intact),
    ]
  }()

  private static func ac3(head: [UInt8], count: Int, seed: UInt64) -> [UInt8] {
    let content = head.dropFirst(2) + junk(count - head.count - 2, seed: seed)
    var crc = ForwardCRC(.ibm)
    crc.update(Array(content))
    return head.prefix(2) + content + big(UInt16(crc.value))
  }

  private static let ac3: [Specimen] = {
    let plain = (0..<7).flatMap {
      ac3(head: [0x0B, 0x77, 1, 2, 8, 0x40], count: 256, seed: $0)
    }
    let plus = (0..<7).flatMap {
      ac3(head: [0x0B, 0x77, 0, 0xAF, 0x3F, 0x80], count: 352, seed: $0)
    }
    return [
      Specimen(.ac3, plain, type: "ac3", verdict: .probable, covered: [520..<plain.count - 2]),
      Specimen(
        .ac3, tag + plus + oldTag, label: "Plus, with tags", type: "eac3", name: "Anna - A boat",
        verdict: .verified, covered: [tag.count + 710..<tag.count + plus.count]),
    ]
  }()

  private static let amr: [Specimen] = {
    let narrow = ascii("#!AMR\n") + (0..<40).flatMap { [0x3C] + junk(31, seed: $0) + [0x7C] }
    let wide = ascii("#!AMR-WB\n") + (0..<40).flatMap { [0x0C] + junk(23, seed: $0) }
    return [
      Specimen(.amr, narrow, type: "amr", verdict: .probable, boundaries: [6, 38, 39]),
      Specimen(.amr, wide, label: "wide band", type: "awb", verdict: .probable),
    ]
  }()
}
