// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum ESESpecimens {
  private static let pageSize = 4096

  /// A page of one tree, with these entries.
  private static func page(_ entries: [[UInt8]]) -> [UInt8] {
    let body = entries.flatMap { $0 }
    var tags: [UInt8] = []
    var start = 0
    for entry in entries {
      tags = little(UInt16(entry.count)) + little(UInt16(start)) + tags
      start += entry.count
    }
    let head = junk(8) + zeros(16) + little(UInt32(2)) + little(UInt16(3000)) + zeros(2)
    let rest = little(UInt16(body.count)) + little(UInt16(entries.count)) + little(UInt32(3))
    return head + rest + body + zeros(pageSize - 40 - body.count - tags.count) + tags
  }

  static let all: [Specimen] = {
    let magic: [UInt8] = [0xEF, 0xCD, 0xAB, 0x89, 0x20, 6, 0, 0, 0, 0, 0, 0]
    let head = zeros(4) + magic + junk(220) + little(UInt32(pageSize))
    let header = head + zeros(pageSize - head.count)
    let extents = zeros(12) + little(UInt32(2))
    let extent = little(UInt16(4)) + big(UInt32(6)) + little(UInt32(6))
    let pages = [
      page([extents]), page([zeros(4), extent]), page([zeros(4)]), page([junk(20), junk(900)]),
      zeros(pageSize), zeros(pageSize),
    ]
    return [
      Specimen(
        .ese, header + header + pages.flatMap { $0 }, verdict: .probable,
        boundaries: [pageSize, 2 * pageSize, 3 * pageSize, 6 * pageSize])
    ]
  }()
}
