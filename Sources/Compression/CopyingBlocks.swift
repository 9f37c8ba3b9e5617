// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Blocks of literals and of copies from what came out before, without a code: LZ4 and Snappy.
package enum CopyingBlocks {
  /// Appends what an LZ4 block holds to `output`, which begins with what copies may reach back to;
  /// false where the block is not valid or more than `limit` bytes come out.
  ///
  /// - Source: Y. Collet, *LZ4 Block Format Description*.
  package static func unpackLZ4(
    _ block: [UInt8], onto output: inout [UInt8], limit: Int
  ) -> Bool {
    let most = output.count + limit
    var at = 0
    while at < block.count {
      let token = block[at]
      at += 1
      guard let literals = length(Int(token >> 4), in: block, &at),
        literals <= block.count - at, literals <= most - output.count
      else { return false }
      output += block[at..<at + literals]
      at += literals
      if at == block.count { return true }
      guard let distance = try? Int(block.little(UInt16.self, at: at)) else { return false }
      at += 2
      guard let more = length(Int(token & 15), in: block, &at),
        copy(more + 4, from: distance, onto: &output, most: most)
      else { return false }
    }
    return false
  }

  /// A length of four bits: 15 goes on in the bytes that follow, 255 in each but the last.
  private static func length(_ bits: Int, in block: [UInt8], _ at: inout Int) -> Int? {
    guard bits == 15 else { return bits }
    var sum = bits
    while at < block.count {
      let byte = block[at]
      at += 1
      sum += Int(byte)
      if byte != 255 { return sum }
    }
    return nil
  }

  /// What a Snappy block holds; nil where it is not valid or holds more than `limit` bytes.
  ///
  /// - Source: Google, *Snappy compressed format description*.
  package static func unpackSnappy(_ block: [UInt8], limit: Int) -> [UInt8]? {
    var output: [UInt8] = []
    var at = 0
    var size = 0
    for shift in stride(from: 0, through: 28, by: 7) {
      guard at < block.count else { return nil }
      size |= Int(block[at] & 0x7F) << shift
      at += 1
      if block[at - 1] < 0x80 { break }
    }
    guard size <= limit else { return nil }
    output.reserveCapacity(size)
    while at < block.count {
      guard element(of: block, &at, onto: &output, size: size) else { return nil }
    }
    return output.count == size ? output : nil
  }

  private static func element(
    of block: [UInt8], _ at: inout Int, onto output: inout [UInt8], size: Int
  ) -> Bool {
    let tag = block[at]
    at += 1
    let high = Int(tag >> 2)
    switch tag & 3 {
    case 0:
      let count = max(0, high - 59)
      guard let more = number(count, in: block, &at) else { return false }
      let literals = (count == 0 ? high : more) + 1
      guard literals <= block.count - at, literals <= size - output.count else { return false }
      output += block[at..<at + literals]
      at += literals
      return true
    case 1:
      guard let low = number(1, in: block, &at) else { return false }
      return copy((high & 7) + 4, from: (high >> 3) << 8 | low, onto: &output, most: size)
    case let kind:
      guard let distance = number(kind == 2 ? 2 : 4, in: block, &at) else { return false }
      return copy(high + 1, from: distance, onto: &output, most: size)
    }
  }

  private static func number(_ count: Int, in block: [UInt8], _ at: inout Int) -> Int? {
    guard count <= block.count - at else { return nil }
    defer { at += count }
    return block[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func copy(
    _ count: Int, from distance: Int, onto output: inout [UInt8], most: Int
  ) -> Bool {
    guard distance > 0, distance <= output.count, count <= most - output.count else { return false }
    // One by one: a copy may reach into itself, and a slice would make all of the output be copied.
    let start = output.count - distance
    for index in start..<start + count { output.append(output[index]) }
    return true
  }
}
