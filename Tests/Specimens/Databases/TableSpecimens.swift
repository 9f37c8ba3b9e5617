// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Tables and pages of records.
enum TableSpecimens {
  private static let dBASE: [UInt8] = {
    func field(_ name: String, _ type: String, _ length: UInt8) -> [UInt8] {
      ascii(name, padTo: 11) + ascii(type) + zeros(4) + [length] + zeros(15)
    }
    let fields = field("NAME", "C", 20) + field("AGE", "N", 3) + [0x0D]
    let head: [UInt8] = [3, 119, 8, 7] + little(UInt32(40)) + little(UInt16(32 + fields.count))
    let records = (0..<40).flatMap { index -> [UInt8] in
      ascii(index == 3 ? "*" : " ") + ascii("Person number \(100 + index)   ") + ascii(" 42")
    }
    return head + little(UInt16(24)) + zeros(20) + fields + records + [0x1A]
  }()

  private static let berkeley: [UInt8] = {
    func page(_ number: UInt32, _ top: [UInt8]) -> [UInt8] {
      zeros(8) + little(number) + top + junk(512 - 12 - top.count, seed: UInt64(number))
    }
    let meta =
      [0x62, 0x31, 5, 0] + little(UInt32(9)) + little(UInt32(512)) + [0, 9, 0, 0] + zeros(4)
      + little(UInt32(4)) + zeros(36)
    let leaf = zeros(13) + [5]
    return page(0, meta) + page(1, leaf) + page(2, leaf) + zeros(512) + page(4, leaf)
  }()

  static let all: [Specimen] = [
    Specimen(
      .dbf, dBASE, date: Timestamp(year: 2019, month: 8, day: 7), verdict: .intact,
      boundaries: [32, 64, 96, 97, 121], wholeCuts: [dBASE.count - 1..<dBASE.count]),
    Specimen(.berkeleyDB, berkeley, verdict: .intact, boundaries: [512, 1024, 1536, 2048]),
  ]
}
