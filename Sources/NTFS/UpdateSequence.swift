// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The guard against torn writes: in what lies on the disk, the last two bytes of each 512 are a
/// number that goes up with each write; the bytes that belong there stand in an array in the header.
///
///     4  u16  offset of the array   6  u16  its entries: the number, then one for each 512 bytes
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "Fixup Values".
enum UpdateSequence {
  static let stride = 512

  /// Puts the bytes back, or returns nil where the number differs: a part is of another time, or this
  /// is no such structure.
  static func undone(_ bytes: [UInt8]) -> [UInt8]? {
    guard let offset = try? bytes.little(UInt16.self, at: 4),
      let count = try? bytes.little(UInt16.self, at: 6), count >= 2,
      (Int(count) - 1) * stride <= bytes.count, offset >= 0x28, Int(offset) < stride,
      let array = try? bytes.copy(at: Int(offset), count: 2 * Int(count))
    else { return nil }
    var result = bytes
    for index in 1..<Int(count) {
      let end = index * stride
      guard result[end - 2] == array[0], result[end - 1] == array[1] else { return nil }
      result[end - 2] = array[2 * index]
      result[end - 1] = array[2 * index + 1]
    }
    return result
  }
}
