// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum TGASpecimens {
  private static func header(_ kind: UInt8, depth: UInt8) -> [UInt8] {
    [0, 0, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 30, 0, depth, depth == 32 ? 8 : 0]
  }

  private static func footer(extension place: Int = 0) -> [UInt8] {
    little(UInt32(place)) + zeros(4) + ascii("TRUEVISION-XFILE.\0")
  }

  private static let runs: [UInt8] = Array(
    repeating: [0x80 | 19, 1, 2, 3, 4, 1] + junk(8) + [0x80 | 17, 9, 9, 9, 9], count: 30
  ).flatMap { $0 }

  static let all: [Specimen] = {
    let plain = header(2, depth: 24) + junk(40 * 30 * 3)
    let moment = [5, 1, 2024, 12, 34, 56].flatMap { little(UInt16($0)) }
    let area = little(UInt16(495)) + junk(365) + moment + ascii("A boat", padTo: 41) + junk(75)
    return [
      Specimen(.tga, plain + footer(), verdict: .probable, boundaries: [18, 18 + 3600]),
      Specimen(.tga, plain, label: "version 1", verdict: .guessed, boundaries: [18]),
      Specimen(
        .tga, header(10, depth: 32) + runs + area + footer(extension: 18 + runs.count),
        label: "run lengths, extension area", name: "A boat",
        date: Timestamp(year: 2024, month: 5, day: 1, hour: 12, minute: 34, second: 56),
        verdict: .intact,
        boundaries: [18, 18 + runs.count, 18 + runs.count + 495]),
      Specimen(
        .tga, header(10, depth: 32) + runs, label: "run lengths, version 1", verdict: .probable,
        boundaries: [18]),
    ]
  }()
}
