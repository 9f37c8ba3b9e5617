// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Sound in forms of chunks: AIFF, 8SVX, Wave.
enum FORMSpecimens {
  private static func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
    ascii(id) + big(UInt32(data.count)) + data + zeros(data.count % 2)
  }

  private static func form(_ kind: String, _ chunks: [UInt8]) -> [UInt8] {
    ascii("FORM") + big(UInt32(chunks.count + 4)) + ascii(kind) + chunks
  }

  static func riff(_ id: String, _ data: [UInt8]) -> [UInt8] {
    ascii(id) + little(UInt32(data.count)) + data + zeros(data.count % 2)
  }

  private static let format: [UInt8] =
    [0, 1] + big(UInt32(333)) + [0, 8, 0x40, 0x0B, 0xFA] + zeros(7)

  static let all: [Specimen] = {
    let sound = chunk("SSND", zeros(8) + junk(333))
    let aiff = form(
      "AIFF",
      chunk("COMM", format) + chunk("NAME", ascii("A boat")) + chunk("AUTH", ascii("Anna")) + sound)
    let aifc = form(
      "AIFC",
      chunk("FVER", big(UInt32(0xA280_5140))) + chunk("COMM", format + ascii("NONE") + [0, 0])
        + sound + chunk("ID3 ", FrameChainSpecimens.tag))
    let svx = form("8SVX", chunk("VHDR", junk(20)) + chunk("BODY", junk(501)))
    let wave = riff(
      "RIFF",
      ascii("WAVE")
        + riff("fmt ", [1, 0, 1, 0] + little(UInt32(8000)) + little(UInt32(8000)) + [1, 0, 8, 0])
        + riff("data", junk(777)) + riff("LIST", ascii("INFO") + riff("INAM", ascii("A boat\0"))))
    return [
      Specimen(
        .aiff, aiff, type: "aiff", name: "Anna - A boat", verdict: .probable,
        boundaries: [12, 38, 52, 64]),
      Specimen(
        .aiff, aifc, label: "compressed", type: "aifc", name: "Anna - A boat", verdict: .probable),
      Specimen(.svx, svx, verdict: .probable),
      Specimen(.wav, wave, name: "A boat", verdict: .probable, boundaries: [12, 36, 44]),
    ]
  }()
}
