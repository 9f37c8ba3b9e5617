// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum MIDISpecimens {
  private static func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
    ascii(id) + big(UInt32(data.count)) + data
  }

  private static func track(_ name: String, channel: UInt8) -> [UInt8] {
    let notes = (UInt8(0)..<60).flatMap { index -> [UInt8] in
      let note = 40 + index % 30
      // The second message leaves its status out.
      let start: [UInt8] = [0x81, 0x10, 0x90 | channel, note, 90, 0x60, note, 0]
      return start + [0, 0xC0 | channel, index, 0, 0xE0 | channel, index, 64]
    }
    return chunk(
      "MTrk",
      [0, 0xFF, 3, UInt8(name.utf8.count)] + ascii(name) + [0, 0xFF, 0x51, 3, 7, 0xA1, 0x20]
        + [0, 0xF0, 4, 1, 2, 3, 0xF7] + notes + [0, 0xFF, 0x2F, 0])
  }

  static let all: [Specimen] = {
    let tracks = [track("A boat", channel: 0), track("Bass", channel: 1)]
    let head = chunk("MThd", big(UInt16(1)) + big(UInt16(2)) + big(UInt16(480)))
    let song = head + tracks[0] + tracks[1]
    let style = song + chunk("CASM", junk(70)) + chunk("OTSc", junk(90))
    let riff = FORMSpecimens.riff("RIFF", ascii("RMID") + FORMSpecimens.riff("data", song))
    return [
      Specimen(
        .midi, song, name: "A boat", verdict: .intact,
        boundaries: [14, 22, 14 + tracks[0].count]),
      Specimen(
        .midi, style, label: "with a keyboard's chunks",
        wholeCuts: [song.count..<song.count + 4, song.count + 78..<song.count + 82]),
      Specimen(.rmi, riff, name: "A boat", verdict: .intact),
    ]
  }()
}
