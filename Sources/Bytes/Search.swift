// SPDX-License-Identifier: Apache-2.0

import Glibc

extension RawSpan {
  /// The first place from `start` on at which `word` stands; nil where it does not.
  ///
  /// It runs from one occurrence of the word's last byte to the next: as fast as `memchr` where that
  /// byte is rare.
  package func firstIndex(of word: [UInt8], from start: Int = 0) -> Int? {
    guard let last = word.last, start >= 0, start <= byteCount else { return nil }
    let ahead = word.count - 1
    var at = start
    while at + ahead < byteCount {
      guard let place = firstIndex(of: last, from: at + ahead) else { return nil }
      if holds(word, at: place - ahead) { return place - ahead }
      at = place - ahead + 1
    }
    return nil
  }

  /// The first place from `start` on at which `byte` stands.
  private func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    unsafe withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress else { return nil }
      // SAFETY: start lies inside the buffer, and the count is what is left of it.
      return unsafe memchr(base + start, CInt(byte), bytes.count - start)
        .map { unsafe base.distance(to: UnsafeRawPointer($0)) }
    }
  }
}

extension RawSpan {
  /// The first place at which two spans differ, or at which the shorter one ends; nil where they are
  /// equal.
  package func firstDifference(from other: RawSpan) -> Int? {
    let count = Swift.min(byteCount, other.byteCount)
    let place = unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs -> Int? in
        guard count > 0, let left = mine.baseAddress, let right = theirs.baseAddress else {
          return nil
        }
        // SAFETY: both hold at least `count` bytes.
        if unsafe memcmp(left, right, count) == 0 { return nil }
        return (0..<count).first { unsafe mine[$0] != theirs[$0] }
      }
    }
    return place ?? (byteCount == other.byteCount ? nil : count)
  }
}
