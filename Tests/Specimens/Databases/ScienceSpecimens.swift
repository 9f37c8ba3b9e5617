// SPDX-License-Identifier: Apache-2.0

import FileFormats

/// Arrays of measurements.
enum ScienceSpecimens {
  private static func superblock(base: Int, end: Int) -> [UInt8] {
    let head: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0, 0, 8, 8, 0]
    let free = [UInt8](repeating: 0xFF, count: 8)
    return head + zeros(8) + little(UInt64(base)) + free + little(UInt64(end)) + free
  }

  private static let latest: [UInt8] = {
    let head: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]
    return head + zeros(8) + [UInt8](repeating: 0xFF, count: 8) + little(UInt64(1000)) + junk(964)
  }()

  private static let matrix: [UInt8] = {
    let text = ascii("MATLAB 7.3 MAT-file, Platform: PCWIN64", padTo: 124) + [0, 2, 0x49, 0x4D]
    return text + zeros(384) + superblock(base: 512, end: 1500) + junk(1500 - 512 - 56)
  }()

  /// Two dimensions, one of records; a variable of each kind.
  private static let netCDF: [UInt8] = {
    func name(_ text: String) -> [UInt8] {
      big(UInt32(text.utf8.count)) + ascii(text) + zeros((4 - text.utf8.count % 4) % 4)
    }
    func words(_ values: UInt32...) -> [UInt8] { values.flatMap { big($0) } }
    let dimensions = words(10, 2) + name("time") + words(0) + name("x") + words(100)
    let title = words(12, 1) + name("title") + words(2, 8) + ascii("Seas 1-3")
    func header(_ first: UInt32, _ second: UInt32) -> [UInt8] {
      let fixed = name("x") + words(1, 1) + zeros(8) + words(5, 400, first)
      let series = name("t") + words(2, 0, 1) + zeros(8) + words(3, 200, second)
      return ascii("CDF") + [1] + words(5) + dimensions + title + words(11, 2) + fixed + series
    }
    let start = UInt32(header(0, 0).count)
    return header(start, start + 400) + junk(400 + 5 * 200)
  }()

  static let all: [Specimen] = [
    Specimen(
      .hdf5, superblock(base: 0, end: 1000) + junk(944), type: "h5", verdict: .probable),
    Specimen(.hdf5, latest, label: "version 2", type: "h5", verdict: .probable),
    Specimen(.hdf5, matrix, label: "MATLAB", type: "mat", verdict: .probable),
    Specimen(.netCDF, netCDF, name: "Seas 1-3", verdict: .probable),
  ]
}
