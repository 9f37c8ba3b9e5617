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

  /// Revision 1: a text of two fixed bytes, a part that depends on the system, and two more.
  private static let variable: Specimen = {
    func numbers(_ values: UInt32...) -> [UInt8] { values.flatMap { little($0) } }
    let filling = ascii(String(repeating: "wave ", count: 100)) + [0]
    let head =
      numbers(0x9504_12DE, 1, 1, 48, 56, 0, 64) + numbers(1, 64, 1, 72, 76)
    let places = numbers(500, 120) + numbers(500, 120)
    // The part's name; the places of original and translation; a text, which both share.
    let parts = numbers(4, 108) + numbers(80) + numbers(80)
    let text = numbers(112 + 509, 3, 0, 3, 0xFFFF_FFFF) + zeros(8)
    let names = ascii("PRI\0") + zeros(8)
    let bytes = head + places + parts + text + names + filling + ascii("%a b%") + [0]
    return Specimen(
      .mo, bytes, label: "revision 1", verdict: .intact, boundaries: [48, 64, 80, 108, 120, 621])
  }()

  static let all: [Specimen] = [
    file({ little($0) }, label: "little-endian"), file({ big($0) }, label: "big-endian"),
    variable,
  ]
}
