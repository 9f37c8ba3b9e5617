// SPDX-License-Identifier: Apache-2.0

/// The names of the segment files of an EWF image: `.E01` to `.E99`, `.EAA` to `.EZZ`, `.FAA` and so
/// on to `.ZZZ`; SMART starts with `s`.
///
/// - Source: Metz, *Expert Witness Compression Format (EWF)*, §2.1 "Segment file extensions".
struct EWFNames: Equatable, Sendable {
  /// What stands before the ending, with the dot.
  let stem: String
  private let letter: UInt8

  /// Nil where `path` does not end like a first segment.
  init?(first path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    let ending = Array(path[path.index(after: dot)...].utf8)
    guard ending.count == 3, ending[1...] == [0x30, 0x31],
      [0x45, 0x65, 0x53, 0x73].contains(ending[0])
    else { return nil }
    stem = String(path[...dot])
    letter = ending[0]
  }

  /// The path of a segment, from 1; nil beyond the last name there is.
  func path(_ number: Int) -> String? {
    let digits: [UInt8]
    if number < 100 {
      digits = [letter, 0x30 + UInt8(number / 10), 0x30 + UInt8(number % 10)]
    } else {
      let a: UInt8 = letter >= 0x61 ? 0x61 : 0x41
      let index = number - 100
      guard let first = UInt8(exactly: Int(letter) + index / 676), first <= a + 25 else {
        return nil
      }
      digits = [first, a + UInt8(index / 26 % 26), a + UInt8(index % 26)]
    }
    return stem + String(decoding: digits, as: UTF8.self)
  }
}
