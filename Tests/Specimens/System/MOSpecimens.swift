// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum MOSpecimens {
  private static let texts: [(String, String)] = [
    ("", "Project-Id-Version: boats 2.1\nPO-Revision-Date: 2020-02-03 04:05+0100\n"),
    ("boat", "bateau"), ("sail", "voile"), (String(repeating: "wave ", count: 60), "vague"),
  ]

  private static func file(_ number: (UInt32) -> [UInt8], label: String) -> Specimen {
    var places: [UInt8] = []
    var data: [UInt8] = []
    let start = 28 + 16 * texts.count + 20
    for text in texts.map(\.0) + texts.map(\.1) {
      places += number(UInt32(text.utf8.count)) + number(UInt32(start + data.count))
      data += ascii(text) + [0]
    }
    let head =
      [0x9504_12DE, 0, UInt32(texts.count), 28, UInt32(28 + 8 * texts.count), 5].flatMap(number)
      + number(UInt32(28 + 16 * texts.count))
    let bytes = head + places + zeros(20) + data
    return Specimen(
      .mo, bytes, label: label, name: "boats 2.1",
      date: Timestamp(year: 2020, month: 2, day: 3, hour: 4, minute: 5), verdict: .intact,
      boundaries: [28, 28 + 8 * texts.count, start])
  }

  static let all: [Specimen] = [
    file({ little($0) }, label: "little-endian"), file({ big($0) }, label: "big-endian"),
  ]
}
