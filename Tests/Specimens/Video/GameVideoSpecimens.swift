// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Animations, the video of games and cameras, and the index of discs: what states its size.
enum GameVideoSpecimens {
  private static let bink: Specimen = {
    let sizes: [UInt32] = [300, 200, 260]
    let table: UInt32 = 44 + 12 + 4 * 4
    let offsets = sizes.indices.map { table + sizes[..<$0].reduce(0, +) | ($0 == 0 ? 1 : 0) }
    let end = table + sizes.reduce(0, +)
    let fields: [UInt32] = [end - 8, 3, 300, 3, 64, 48, 25, 1, 0, 1, 0, 0, 0]
    let head: [UInt8] = ascii("BIKi") + (fields + offsets + [end]).flatMap { little($0) }
    return Specimen(.bink, head + junk(Int(end - table)), verdict: .probable)
  }()

  private static let smacker: Specimen = {
    let sizes: [UInt32] = [300, 200]
    let fields: [UInt32] = [64, 48, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40]
    let head: [UInt8] = ascii("SMK2") + fields.flatMap { little($0) } + zeros(48)
    let sound: [UInt8] = little(UInt32(60)) + junk(56)
    let frames: [UInt8] = [2] + junk(7) + sound + junk(300 - 68) + junk(200)
    return Specimen(
      .smacker, head + little(sizes[0] | 1) + little(sizes[1]) + [3, 0] + junk(40) + frames,
      verdict: .probable)
  }()

  private static let flic: Specimen = {
    let chunk: [UInt8] = little(UInt32(206)) + [15, 0] + junk(200)
    let frame =
      little(UInt32(16 + chunk.count)) + little(UInt16(0xF1FA)) + little(UInt16(1))
      + zeros(8) + chunk
    let size = UInt32(128 + 3 * frame.count)
    let fields: [UInt16] = [0xAF12, 2, 320, 200, 8, 3]
    let head: [UInt8] = little(size) + fields.flatMap { little($0) }
    return Specimen(
      .flic, head + zeros(128 - head.count) + frame + frame + frame, type: "flc", verdict: .intact)
  }()

  private static let raw: Specimen = {
    let atom: (String, [UInt8]) -> [UInt8] = { name, data in
      big(UInt32(8 + data.count)) + ascii(name) + data
    }
    return Specimen(
      .r3d,
      atom("RED1", [1, 0] + zeros(310)) + atom("REDV", junk(500)) + atom("REDA", junk(300))
        + atom("RDVO", junk(16)) + atom("REOB", zeros(48)), verdict: .intact)
  }()

  private static let disc: Specimen = {
    let sector: ([UInt8]) -> [UInt8] = { $0 + zeros(2048 - $0.count) }
    var head: [UInt8] = sector(ascii("DVDVIDEO-VTS") + big(UInt32(40)) + zeros(12) + big(UInt32(2)))
    head.replaceSubrange(0xC8..<0xCC, with: big(UInt32(1)))
    head.replaceSubrange(0xE4..<0xE8, with: big(UInt32(2)))
    let titles = sector([0, 1, 0, 0] + big(UInt32(900)) + junk(893))
    let map = sector(big(UInt32(1503)) + junk(1500))
    return Specimen(.dvdIndex, head + titles + map, verdict: .intact, boundaries: [2048, 4096])
  }()

  static let all = [bink, smacker, flic, raw, disc]
}
