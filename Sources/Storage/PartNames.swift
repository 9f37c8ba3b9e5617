// SPDX-License-Identifier: Apache-2.0

/// The names of the files that an image was cut into.
struct PartNames: Equatable {
  /// What stands before the counter, with the dot.
  let stem: String
  /// The counter of the first part: digits, or letters as `split` counts.
  let first: String

  /// Nil where `path` does not end like the first part of a split image.
  init?(firstPart path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    let counter = String(path[path.index(after: dot)...])
    guard ["000", "001", "0000", "0001", "00", "01", "aa", "aaa", "AA", "AAA"].contains(counter)
    else { return nil }
    stem = String(path[...dot])
    first = counter
  }

  /// The path of a part, from 0; nil where the counter overflows.
  func path(_ index: Int) -> String? {
    guard let start = first.utf8.first else { return nil }
    let isLetter = start == 0x61 || start == 0x41
    let zero: UInt8 = isLetter ? start : 0x30
    let base = isLetter ? 26 : 10
    var rest = index + (first.utf8.last == 0x31 ? 1 : 0)
    var digits: [UInt8] = []
    for _ in first.utf8 {
      digits.append(zero + UInt8(truncatingIfNeeded: rest % base))
      rest /= base
    }
    return rest == 0 ? stem + String(decoding: digits.reversed(), as: UTF8.self) : nil
  }
}
