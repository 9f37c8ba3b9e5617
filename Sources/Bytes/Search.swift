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
