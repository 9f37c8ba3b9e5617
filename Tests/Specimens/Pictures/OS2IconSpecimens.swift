// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum OS2IconSpecimens {
  private static func bitmap(
    _ kind: String, _ width: Int, _ height: Int, depth: UInt16, pixels: Int
  ) -> [UInt8] {
    ascii(kind) + little(UInt32(26)) + zeros(4) + little(UInt32(pixels)) + little(UInt32(12))
      + little(UInt16(width)) + little(UInt16(height)) + little(UInt16(1)) + little(depth)
      + junk(3 << Int(depth))
  }

  private static func element(next: Int, _ bitmap: [UInt8]) -> [UInt8] {
    ascii("BA") + little(UInt32(40)) + little(UInt32(next)) + little(UInt16(640))
      + little(UInt16(480)) + bitmap
  }

  static let all: [Specimen] = {
    let icon =
      bitmap("CI", 32, 64, depth: 1, pixels: 106) + bitmap("CI", 32, 32, depth: 4, pixels: 362)
    let one = icon + junk(256 + 512)
    let array =
      element(next: 46, bitmap("IC", 32, 64, depth: 1, pixels: 92))
      + element(next: 0, bitmap("IC", 32, 64, depth: 1, pixels: 92 + 256)) + junk(512)
    return [
      Specimen(.os2, one, type: "ico", verdict: .probable, boundaries: [32, 106, 362]),
      Specimen(
        .os2, array, label: "array", type: "ico", verdict: .probable, boundaries: [46, 92, 348]),
    ]
  }()
}
