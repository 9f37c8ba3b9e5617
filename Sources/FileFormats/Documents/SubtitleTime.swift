// SPDX-License-Identifier: Apache-2.0

/// The time from which and to which a subtitle stands.
enum SubtitleTime {
  /// Whether a line begins with two times and an arrow between.
  static func stands(in line: [UInt8]) -> Bool {
    let words = line.split(separator: 0x20, omittingEmptySubsequences: true)
    return words.count >= 3 && isTime(words[0]) && words[1].elementsEqual(Array("-->".utf8))
      && isTime(words[2])
  }

  private static func isTime(_ word: ArraySlice<UInt8>) -> Bool {
    word.count >= 5
      && word.allSatisfy { (0x30...0x39).contains($0) || [0x3A, 0x2C, 0x2E].contains($0) }
  }
}
