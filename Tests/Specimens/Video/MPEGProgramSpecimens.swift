// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum MPEGProgramSpecimens {
  private static let systemHeader: [UInt8] = [0, 0, 1, 0xBB]

  private static func packet(_ id: UInt8, _ data: [UInt8]) -> [UInt8] {
    [0, 0, 1, id] + big(UInt16(data.count)) + data
  }

  /// The head of an MPEG-2 pack; the clock in its lower bits.
  private static func pack(clock: UInt64) -> [UInt8] {
    [
      0, 0, 1, 0xBA, 0x44, UInt8(clock >> 20 & 0xFF), UInt8(clock >> 15 & 0x1F) << 3 | 4,
      UInt8(clock >> 5 & 0xFF), UInt8(clock & 0x1F) << 3 | 4, 1, 1, 0x89, 0xC3, 0xF8,
    ]
  }

  private static func navigation(block: UInt32, clock: UInt64) -> [UInt8] {
    pack(clock: clock) + systemHeader + big(UInt16(18)) + zeros(18)
      + packet(0xBF, [0] + big(block) + zeros(975)) + packet(0xBF, [1] + zeros(1017))
  }

  private static let disc = Specimen(
    .mpegProgram,
    navigation(block: 0, clock: 0) + pack(clock: 300) + packet(0xE0, [0x80, 0, 0] + junk(2025))
      + navigation(block: 2, clock: 90) + pack(clock: 700)
      + packet(0xBD, [0x80, 0, 0] + junk(2025)),
    label: "DVD", type: "vob", verdict: .probable, boundaries: [2048, 4096, 6144])

  private static let old: Specimen = {
    let first: [UInt8] = [0, 0, 1, 0xBA, 0x21, 0, 1, 0, 1, 0x80, 1, 1]
    let second: [UInt8] = [0, 0, 1, 0xBA, 0x21, 0, 1, 9, 1, 0x80, 1, 1]
    return Specimen(
      .mpegProgram,
      first + systemHeader + big(UInt16(9)) + [0x80, 0, 1, 4, 0x20, 0x21, 0xE0, 0xE0, 0x20]
        + packet(0xE0, [0x0F] + junk(900)) + zeros(20) + second + packet(0xC0, [0x0F] + junk(300))
        + [0, 0, 1, 0xB9], label: "MPEG-1", type: "mpg", verdict: .intact)
  }()

  /// Packs of 2048 bytes, those of sound 20 bytes short, so that a pack begins a sector behind zeros.
  private static let short: Specimen = {
    func pack(_ clock: UInt8) -> [UInt8] {
      [0, 0, 1, 0xBA, 0x21, 0, 1, 0, clock << 1 | 1, 0x80, 1, 1]
    }
    let sound = packet(0xC0, [0x0F] + junk(2009)) + zeros(20)
    return Specimen(
      .mpegProgram,
      pack(0) + systemHeader + big(UInt16(9)) + [0x80, 0, 1, 4, 0x20, 0x21, 0xE0, 0xE0, 0x20]
        + packet(0xE0, [0x0F] + junk(2014)) + pack(3) + sound + pack(6) + sound
        + pack(9) + packet(0xE0, [0x0F] + junk(2025)) + [0, 0, 1, 0xB9],
      label: "Video CD in sectors of 2048", type: "mpg", verdict: .intact)
  }()

  static let all = [disc, old, short]
}
