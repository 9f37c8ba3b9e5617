// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage

/// A file in memory as long as a source that holds some of its bytes and zeros elsewhere: for
/// libraries that want a descriptor, and must neither see nor wait for the source itself.
package struct SparseCopy: ~Copyable {
  private let file: Descriptor
  /// The file's descriptor, open as long as the copy lives.
  package var descriptor: Int32 { file.number }

  /// Copies `ranges` of `source`; what cannot be read stays zero. Nil where there is no memory.
  package init?(of source: Source, ranges: [Range<ByteOffset>]) {
    let number = unsafe cs_memory_file("renflou", source.length.rawValue)
    guard number >= 0 else { return nil }
    file = Descriptor(number)
    for range in ranges { copy(range, of: source) }
  }

  /// Copies a range by steps of 64 KiB, and where one fails by sectors.
  private func copy(_ range: Range<ByteOffset>, of source: Source, step: ByteCount = 0x1_0000) {
    var position = range.lowerBound
    while position < range.upperBound {
      let end = min(position.advancedClamped(by: step), range.upperBound)
      if let bytes = try? source.read(at: position, count: (position..<end).length) {
        // SAFETY: the call reads exactly the bytes of the array.
        _ = unsafe bytes.withUnsafeBytes {
          unsafe cs_write_at(file.number, $0.baseAddress, $0.count, position.rawValue)
        }
      } else if step > 512 {
        copy(position..<end, of: source, step: 512)
      }
      position = end
    }
  }
}
