// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Music that a machine plays: for consoles and for trackers of old, and settings of instruments.
enum SynthesisSpecimens {
  static let all: [Specimen] = console + modules + presets

  private static let console: [Specimen] = {
    var state = ascii("SNES-SPC700 Sound File Data v0.30") + [0x1A, 0x1A, 0x1A, 30] + zeros(9)
    state += ascii("A boat", padTo: 32) + ascii("Game", padTo: 32) + zeros(146)
    state += junk(0x1_0100)
    let texts = ascii("xid6") + little(UInt32(40)) + junk(40)
    let tag = ascii("A boat\0\0").flatMap { [$0, UInt8(0)] }
    var log = ascii("Vgm ") + little(UInt32(1008 + tag.count)) + little(UInt32(0x151)) + zeros(8)
    log += little(UInt32(1000 - 0x14)) + junk(1000 - 24)
    log += ascii("Gd3 ") + little(UInt32(0x100)) + little(UInt32(tag.count)) + tag
    var code = ascii("NSFE") + little(UInt32(10)) + ascii("INFO") + junk(10)
    code += little(UInt32(700)) + ascii("DATA") + junk(700) + little(UInt32(0)) + ascii("NEND")
    return [
      Specimen(
        .spc, state + texts, name: "A boat", verdict: .probable, wholeCuts: [0x1_0200..<0x1_0208]),
      Specimen(.vgm, log, name: "A boat", verdict: .probable, boundaries: [64, 1000]),
      Specimen(.nsfe, code, verdict: .probable, boundaries: [4, 22, 730]),
    ]
  }()

  private static let modules: [Specimen] = {
    let places = [52, 0, 400, 0, 600, 0, 700, 0, 0, 0, 0].flatMap { big(UInt32($0)) }
    let med = ascii("MMD1") + big(UInt32(1001)) + places
    var head = ascii("MTM") + [0x10] + ascii("A boat", padTo: 20) + little(UInt16(2)) + [1, 1]
    head += little(UInt16(40)) + [2, 0, 64, 4] + (0..<32).map { $0 % 16 }
    let samples = [300, 55].flatMap { zeros(22) + little(UInt32($0)) + zeros(11) }
    let mtm = head + samples + zeros(128) + junk(2 * 192 + 2 * 64 + 40 + 355)
    return [
      Specimen(.med, med + junk(1001 - med.count), verdict: .probable, boundaries: [52]),
      Specimen(.mtm, mtm, name: "A boat", verdict: .probable, boundaries: [66, 140]),
    ]
  }()

  private static let presets: [Specimen] = {
    func preset(_ kind: String) -> [UInt8] {
      let content = ascii(kind) + junk(16) + ascii("A boat", padTo: 28) + junk(611)
      return ascii("CcnK") + big(UInt32(content.count)) + content
    }
    return [
      Specimen(.fxp, preset("FPCh"), type: "fxp", name: "A boat", verdict: .probable),
      Specimen(.fxp, preset("FxBk"), label: "bank", type: "fxb", verdict: .probable),
    ]
  }()
}
