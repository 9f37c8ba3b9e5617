// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum JPEGSpecimens {
  static let all: [Specimen] = [
    Specimen(.jpeg, Pictures.baseline, label: "sequential", verdict: .intact, boundaries: [2, 20]),
    Specimen(.jpeg, Pictures.progressive, label: "progressive", verdict: .intact),
    Specimen(.jpeg, Pictures.grey, label: "grey", verdict: .intact),
    raf,
  ]

  /// Fujifilm's raw: a header, a whole picture, and sensor data behind it.
  private static let raf: Specimen = {
    let picture = Pictures.baseline
    let start = UInt32(0x94)
    let end = start + UInt32(picture.count)
    let places = [start, UInt32(picture.count), end, 40, end + 40, 900].flatMap { big($0) }
    let head =
      ascii("FUJIFILMCCD-RAW 0201FF393101", padTo: 0x1C) + ascii("FinePix X100", padTo: 32)
      + zeros(24) + places
    let bytes = head + zeros(Int(start) - head.count) + picture + junk(940)
    return Specimen(
      .raf, bytes, name: "FinePix X100", verdict: .probable, boundaries: [0x94, Int(end)])
  }()
}
