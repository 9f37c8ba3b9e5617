// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Bytes in memory that stand for a medium, so that what lies in them has a place.
package final class MemoryMedium: Medium {
  package let name = "memory"
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var length: ByteCount { ByteCount(clamping: bytes.count) }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let start = Int(clamping: offset.rawValue)
    guard start <= bytes.count - target.count else { throw Truncated() }
    target.copyBytes(from: bytes[start..<start + target.count])
  }
}
