// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a cluster holds, to one who looks for plain text.
enum TextCluster: Equatable {
  /// Text to its last byte. A character may go on in the next cluster, by so many bytes.
  case whole(pending: Int)
  /// Text, then zeros: the end of a file.
  case end(ByteCount)
  case none

  /// - Parameter pending: bytes of a character that began in the cluster before; nil at the start of
  ///   a file.
  init(_ bytes: RawSpan, continuing pending: Int?) {
    var count = bytes.byteCount
    // A last cluster is filled up with zeros.
    while count > 0, (try? bytes.little(UInt8.self, at: count - 1)) == 0 { count -= 1 }
    var facts = TextFacts(pending: pending ?? 0)
    for index in 0..<count {
      guard let byte = try? bytes.little(UInt8.self, at: index), facts.read(byte) else {
        self = .none
        return
      }
    }
    let isWhole = count == bytes.byteCount
    guard count > 0, facts.isText(isStart: pending == nil, isEnd: !isWhole) else {
      self = .none
      return
    }
    self = isWhole ? .whole(pending: facts.pending) : .end(ByteCount(clamping: count))
  }
}

/// What the bytes of a text add up to.
private struct TextFacts {
  /// Bytes that are still to come of a character in UTF-8.
  private(set) var pending: Int
  private var count = 0
  private var firstValue: UInt8 = 0
  private var hasOthers = false
  /// Bytes above ASCII, and those that do not keep to UTF-8: then they are letters of an old code page.
  private var high = 0
  private var odd = 0
  private var blanks = 0

  init(pending: Int) { self.pending = pending }

  /// False for a byte that no text holds.
  mutating func read(_ byte: UInt8) -> Bool {
    if count == 0 { firstValue = byte }
    if byte != firstValue { hasOthers = true }
    count += 1
    if byte < 0x80 {
      if pending > 0 { odd += 1 }
      pending = 0
      if byte == 0x20 || byte == 0x0A { blanks += 1 }
      return byte >= 0x20 && byte != 0x7F || (0x09...0x0D).contains(byte) || byte == 0x1B
        || byte == 0x1A
    }
    high += 1
    if byte & 0xC0 == 0x80 {
      if pending > 0 { pending -= 1 } else { odd += 1 }
      return true
    }
    if pending > 0 { odd += 1 }
    switch byte {
    case 0xC2...0xDF: pending = 1
    case 0xE0...0xEF: pending = 2
    case 0xF0...0xF4: pending = 3
    default:
      pending = 0
      odd += 1
    }
    return true
  }

  /// UTF-8 throughout, or mostly ASCII with a few letters of a code page; and not one value over and
  /// over.
  func isText(isStart: Bool, isEnd: Bool) -> Bool {
    guard hasOthers || !isStart else { return false }
    let broken = odd + (isEnd && pending > 0 ? 1 : 0)
    if broken == 0 || !isStart && broken <= 1 { return true }
    // In a code page: letters here and there amid words.
    return high * 6 < count && blanks > 0
  }
}
