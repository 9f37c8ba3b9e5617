// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A block full of block numbers, as ext2 and ext3 keep them for files of more than twelve blocks: numbers
/// of 32 bits from its start on, then zeros.
///
/// It has no mark of its own; but of random numbers few lie within the volume.
///
/// - Source: Linux, Documentation/filesystems/ext4/blockmap.rst.
struct PointerBlock: Sendable {
  let numbers: [UInt32]
  /// Whether there is room for no more.
  let isFull: Bool

  /// Nil for bytes that are no such block.
  init?(_ bytes: [UInt8], in layout: Layout) {
    var numbers: [UInt32] = []
    var ascending = 0
    for at in stride(from: 0, to: bytes.count - 3, by: 4) {
      guard let number = try? bytes.little(UInt32.self, at: at) else { return nil }
      guard number != 0 else {
        guard bytes[at...].allSatisfy({ $0 == 0 }) else { return nil }
        break
      }
      guard layout.isBlock(UInt64(number)) else { return nil }
      if let last = numbers.last {
        guard last != number else { return nil }
        if last < number { ascending += 1 }
      }
      numbers.append(number)
    }
    // Files lie in order of their blocks, but for a jump now and then.
    let jumpsBack = numbers.count - 1 - ascending
    guard !numbers.isEmpty,
      jumpsBack * 4 <= numbers.count - 1 || jumpsBack == 1 && numbers.count > 2
    else { return nil }
    self.numbers = numbers
    isFull = numbers.count == bytes.count / 4
  }

  /// Whether such a block may begin so: the first comparison of many.
  static func resembles(_ bytes: RawSpan, at offset: Int, in layout: Layout) -> Bool {
    guard let first = try? bytes.little(UInt32.self, at: offset), first != 0,
      let second = try? bytes.little(UInt32.self, at: offset + 4)
    else { return false }
    return layout.isBlock(UInt64(first)) && (second == 0 || layout.isBlock(UInt64(second)))
  }
}
