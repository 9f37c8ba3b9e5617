// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Music as trackers write it.
enum ModuleSpecimens {
  static let all: [Specimen] = protracker + fastTracker + screamTracker + impulseTracker

  private static let protracker: [Specimen] = {
    func sample(_ words: UInt16) -> [UInt8] {
      zeros(22) + big(words) + [0, 64] + zeros(2) + big(UInt16(1))
    }
    func song(_ mark: String, channels: Int) -> [UInt8] {
      let samples = sample(200) + sample(33) + (0..<29).flatMap { _ in sample(0) }
      let notes = junk(3 * channels * 256).enumerated().map {
        $0.offset % 4 == 0 ? $0.element & 0x1F : $0.element
      }
      return ascii("A boat", padTo: 20) + samples + [2, 127, 0, 2] + zeros(126) + ascii(mark)
        + notes + junk(466)
    }
    return [
      Specimen(
        .mod, song("M.K.", channels: 4), name: "A boat", verdict: .probable,
        boundaries: [20, 1080, 1084, 4156]),
      Specimen(.mod, song("12CH", channels: 12), label: "of many channels", verdict: .probable),
    ]
  }()

  private static let fastTracker: [Specimen] = {
    let head =
      ascii("Extended Module: ") + ascii("A boat", padTo: 20) + [0x1A]
      + ascii("FastTracker v2.00", padTo: 20) + little(UInt16(0x104)) + little(UInt32(276))
      + [1, 0, 0, 0, 4, 0, 2, 0, 2, 0, 1, 0, 6, 0, 125, 0] + zeros(256)
    let pattern = little(UInt32(9)) + [0, 64, 0] + little(UInt16(300)) + junk(300)
    let empty = little(UInt32(29)) + ascii("nothing", padTo: 22) + [0, 0, 0]
    let full =
      little(UInt32(263)) + ascii("drum", padTo: 22) + [0, 2, 0] + little(UInt32(40)) + zeros(230)
    let samples = [333, 100].flatMap { little(UInt32($0)) + zeros(36) } + junk(433)
    return [
      Specimen(
        .xm, head + pattern + pattern + empty + full + samples, name: "A boat", verdict: .probable,
        boundaries: [60, 336])
    ]
  }()

  private static let screamTracker: [Specimen] = {
    let head =
      ascii("A boat", padTo: 28) + [0x1A, 16, 0, 0] + [2, 0, 1, 0, 1, 0] + zeros(6)
      + ascii("SCRM") + [64, 6, 125, 48, 0, 0] + zeros(42)
    let instrument =
      [1] + ascii("drum", padTo: 12) + [0, 20, 0] + little(UInt32(333)) + zeros(56) + ascii("SCRS")
    let pattern = little(UInt16(90)) + junk(88)
    // The head's orders and pointers end at 102, the parts stand at 112, 192 and 320.
    let bytes =
      head + [0, 255, 7, 0, 12, 0] + zeros(10) + instrument + pattern + zeros(38) + junk(333)
    return [Specimen(.s3m, bytes, name: "A boat", verdict: .probable, boundaries: [96, 112, 192])]
  }()

  private static let impulseTracker: [Specimen] = {
    let head =
      ascii("IMPM") + ascii("A boat", padTo: 26) + [4, 16] + [2, 0, 0, 0, 2, 0, 1, 0]
      + [0x14, 2, 0, 2, 9, 0, 0, 0] + zeros(144)
    let start = 192 + 2 + 12
    func sample(length: UInt32, at place: Int, flags: UInt8) -> [UInt8] {
      ascii("IMPS") + zeros(14) + [flags] + zeros(29) + little(length) + zeros(20)
        + little(UInt32(place)) + zeros(4)
    }
    let pattern = little(UInt16(120)) + little(UInt16(64)) + zeros(4) + junk(120)
    let data = start + 160 + pattern.count
    let packed = little(UInt16(210)) + junk(210)
    let bytes =
      head + [0, 255]
      + [start, start + 80, start + 160].flatMap { little(UInt32($0)) }
      + sample(length: 300, at: data, flags: 1)
      + sample(length: 500, at: data + 300, flags: 9) + pattern + junk(300) + packed
    return [Specimen(.it, bytes, name: "A boat", verdict: .probable, boundaries: [192, start])]
  }()
}
