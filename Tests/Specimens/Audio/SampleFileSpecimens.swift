// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Sound whose samples may be any bytes, behind a head that states their size.
enum SampleFileSpecimens {
  static let all: [Specimen] = sun + apple + wave64 + dsd + voice + riff

  private static let sun: [Specimen] = {
    let head = ascii(".snd") + big(UInt32(40)) + big(UInt32(701)) + big(UInt32(3))
    let bytes =
      head + big(UInt32(8000)) + big(UInt32(1)) + ascii("title=A boat", padTo: 16) + junk(701)
    return [Specimen(.au, bytes, name: "A boat", verdict: .probable, boundaries: [24, 40])]
  }()

  private static let apple: [Specimen] = {
    func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
      ascii(id) + big(UInt64(data.count)) + data
    }
    let texts = big(UInt32(2)) + ascii("title\0A boat\0artist\0Anna\0")
    let bytes =
      ascii("caff") + [0, 1, 0, 0]
      + chunk("desc", big(UInt64(0x40E5_8880_0000_0000)) + ascii("lpcm") + junk(20))
      + chunk("info", texts) + chunk("data", zeros(4) + junk(700)) + chunk("free", zeros(50))
    return [Specimen(.caf, bytes, name: "Anna - A boat", verdict: .probable, boundaries: [8, 52])]
  }()

  private static let wave64: [Specimen] = {
    let tail: [UInt8] = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]
    func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
      let chunk = ascii(id) + tail + little(UInt64(data.count + 24)) + data
      return chunk + zeros((8 - chunk.count % 8) % 8)
    }
    let chunks = chunk("fmt ", junk(18)) + chunk("data", junk(645))
    let start: [UInt8] = [0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 4, 0xC1, 0, 0]
    let bytes =
      ascii("riff") + start + little(UInt64(chunks.count + 40)) + ascii("wave") + tail + chunks
    return [Specimen(.w64, bytes, verdict: .probable, boundaries: [16, 40, 88])]
  }()

  private static let dsd: [Specimen] = {
    let tag = FrameChainSpecimens.tag
    let stream =
      ascii("DSD ") + little(UInt64(28)) + little(UInt64(92 + 512 + tag.count))
      + little(UInt64(92 + 512)) + ascii("fmt ") + little(UInt64(52)) + junk(40) + ascii("data")
      + little(UInt64(12 + 512)) + junk(512) + tag
    func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
      ascii(id) + big(UInt64(data.count)) + data + zeros(data.count % 2)
    }
    let form =
      ascii("DSD ") + chunk("FVER", [1, 5, 0, 0]) + chunk("PROP", ascii("SND ") + junk(40))
      + chunk("DSD ", junk(611)) + chunk("ID3 ", tag)
    return [
      Specimen(.dsf, stream, name: "Anna - A boat", verdict: .probable, boundaries: [28, 80, 604]),
      Specimen(.dff, chunk("FRM8", form), name: "Anna - A boat", verdict: .probable),
    ]
  }()

  private static let voice: [Specimen] = {
    let head = ascii("Creative Voice File") + [0x1A, 26, 0, 0x0A, 1, 0x29, 0x11]
    let sound: [UInt8] = [1, 2, 2, 0, 0xA6, 0] + junk(512) + [2, 200, 0, 0] + junk(200)
    return [
      Specimen(.voc, head + sound + [0], verdict: .probable, boundaries: [26, 544])
    ]
  }()

  private static let riff: [Specimen] = {
    let chunk = FORMSpecimens.riff
    let names = chunk(
      "LIST", ascii("INFO") + chunk("ifil", [2, 0, 1, 0]) + chunk("INAM", ascii("Piano\0")))
    let samples = chunk("LIST", ascii("sdta") + chunk("smpl", junk(600)))
    let presets = chunk(
      "LIST",
      ascii("pdta") + chunk("phdr", junk(76)) + chunk("pbag", junk(8)) + chunk("shdr", junk(92)))
    let font = chunk("RIFF", ascii("sfbk") + names + samples + presets)
    let waves =
      chunk("colh", [0, 0, 0, 0]) + chunk("LIST", ascii("lins"))
      + chunk("LIST", ascii("wvpl") + chunk("wave", junk(600)))
    let dls = chunk("RIFF", ascii("DLS ") + waves)
    let speech = chunk(
      "RIFF",
      ascii("QLCM") + chunk("fmt ", junk(150)) + chunk("vrat", zeros(8)) + chunk("data", junk(501)))
    let track = chunk(
      "RIFF", ascii("CDDA") + chunk("fmt ", [1, 0, 3, 0] + junk(20)))
    return [
      Specimen(.sf2, font, name: "Piano", verdict: .probable),
      Specimen(.dls, dls, verdict: .probable), Specimen(.qcp, speech, verdict: .probable),
      Specimen(.cda, track, verdict: .intact),
    ]
  }()
}
