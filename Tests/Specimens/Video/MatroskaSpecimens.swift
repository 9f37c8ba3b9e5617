// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

enum MatroskaSpecimens {
  private static func element(_ id: [UInt8], _ data: [UInt8], isOpen: Bool = false) -> [UInt8] {
    id + (isOpen ? [0x01] + [UInt8](repeating: 0xFF, count: 7) : big(UInt16(data.count) | 0x4000))
      + data
  }

  /// An element with a checksum over what it holds.
  private static func checked(_ id: [UInt8], _ data: [UInt8]) -> [UInt8] {
    var crc = CRC32(.iso)
    crc.update(data)
    return element(id, [0xBF, 0x84] + little(crc.value) + data)
  }

  private static func header(_ type: String) -> [UInt8] {
    element(
      [0x1A, 0x45, 0xDF, 0xA3],
      [0x42, 0x86, 0x81, 1, 0x42, 0xF7, 0x81, 1] + [0x42, 0x82, 0x80 | UInt8(type.utf8.count)]
        + ascii(type))
  }

  private static let segment: [UInt8] = [0x18, 0x53, 0x80, 0x67]
  private static let cluster: [UInt8] = [0x1F, 0x43, 0xB6, 0x75]
  private static let tracks: [UInt8] = [0x16, 0x54, 0xAE, 0x6B]
  private static let info: [UInt8] = [0x15, 0x49, 0xA9, 0x66]

  private static func track(_ number: UInt8, kind: UInt8, _ codec: String, _ more: [UInt8] = [])
    -> [UInt8]
  {
    element([0xAE], [0xD7, 0x81, number, 0x83, 0x81, kind] + element([0x86], ascii(codec)) + more)
  }

  private static let picture =
    big(UInt32(90)) + [0x65] + junk(89) + big(UInt32(30)) + [1] + junk(29)

  /// A picture of H.264 units, then sound in a group.
  private static func blocks(time: UInt8) -> [UInt8] {
    [0xE7, 0x81, time] + element([0xA3], [0x81, 0, 0, 0x80] + picture)
      + element([0xA0], element([0xA1], [0x82, 0, 1, 0] + junk(80)) + [0x9B, 0x81, 20])
  }

  private static let movie: Specimen = {
    let configuration = element([0x63, 0xA2], [1, 0x64, 0, 0x1E, 0xFF] + junk(20))
    let before =
      checked([0x11, 0x4D, 0x9B, 0x74], element([0x4D, 0xBB], [0x53, 0xAB, 0x84] + info))
      + element([0xEC], zeros(40))
      + checked(
        info,
        [0x44, 0x61, 0x88] + big(Int64(725_760_000) * 1_000_000_000)
          + element([0x7B, 0xA9], ascii("A lake")))
      + checked(
        tracks, track(1, kind: 1, "V_MPEG4/ISO/AVC", configuration) + track(2, kind: 2, "A_AAC"))
    let clusters = [checked(cluster, blocks(time: 0)), checked(cluster, blocks(time: 40))]
    let cues = checked([0x1C, 0x53, 0xBB, 0x6B], element([0xBB], [0xB3, 0x81, 0]))
    let bytes = header("matroska") + element(segment, before + clusters.flatMap(\.self) + cues)
    let first = bytes.count - cues.count - clusters[0].count - clusters[1].count
    let second = first + clusters[0].count
    return Specimen(
      .matroska, bytes, label: "with checksums", type: "mkv", name: "A lake",
      date: Timestamp(year: 2024, month: 1, day: 1), verdict: .verified,
      boundaries: [first, second, second + clusters[1].count],
      covered: [first + 12..<second, second + 12..<second + clusters[1].count])
  }()

  private static let live: Specimen = {
    let content =
      element(info, [0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40])
      + element(tracks, track(1, kind: 1, "V_VP8"))
      + (0..<3).flatMap { time in
        element(
          cluster,
          [0xE7, 0x81, UInt8(time)] + element([0xA3], [0x81, 0, 0, 0x80] + junk(300))
            + element([0xA3], [0x81, 0, 9, 0] + junk(200)), isOpen: true)
      }
    return Specimen(
      .matroska, header("webm") + element(segment, content, isOpen: true),
      label: "written as it was recorded", type: "webm", verdict: .probable)
  }()

  private static let sound = Specimen(
    .matroska,
    header("matroska")
      + element(
        segment,
        element(info, []) + element(tracks, track(1, kind: 2, "A_FLAC"))
          + element(cluster, [0xE7, 0x81, 0] + element([0xA3], [0x81, 0, 0, 0x80] + junk(700)))),
    label: "sound alone", type: "mka", verdict: .intact)

  static let all = [movie, live, sound]
}
