// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum JetSpecimens {
  /// A database of six pages; page 3 is free.
  private static func database(_ engine: String, version: UInt32, pageSize: Int) -> [UInt8] {
    let magic: [UInt8] = [0, 1, 0, 0]
    let head = magic + ascii(engine) + zeros(1) + little(version)
    let map: [UInt8] = [0, 0, 0, 0, 0, 0b1100_1000] + [UInt8](repeating: 0xFF, count: 63)
    let start = pageSize == 2048 ? 10 : 14
    let top: [UInt8] = [1, 1] + zeros(start - 4) + [1, 0]
    let rows = top + little(UInt16(pageSize - map.count))
    let pages = (2..<6).flatMap { (index: Int) -> [UInt8] in
      let kind: [UInt8] = index == 3 ? [0, 0] : [UInt8(index - 1), 1]
      return kind + zeros(6) + junk(pageSize - 8)
    }
    return head + junk(pageSize - head.count) + rows + zeros(pageSize - rows.count - map.count)
      + map + pages
  }

  static let all: [Specimen] = [
    Specimen(
      .jet, database("Standard Jet DB", version: 0, pageSize: 2048), label: "Jet 3", type: "mdb",
      verdict: .probable,
      boundaries: [2048, 4096, 6144]),
    Specimen(
      .jet, database("Standard ACE DB", version: 2, pageSize: 4096), label: "ACE", type: "accdb",
      verdict: .probable),
  ]
}
