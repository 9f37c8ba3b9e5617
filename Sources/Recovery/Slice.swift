// SPDX-License-Identifier: Apache-2.0

import Bytes
import Identification
import Partitions
import Volumes

/// A part of the medium that may hold a file system: a partition, or the whole of it.
package struct Slice: Sendable {
  /// The partition that this is; nil where the medium has no table.
  package let partition: Partition?
  /// Where it lies on the medium.
  package let range: Range<ByteOffset>
  package let source: Source
  package let volume: (any Volume)?
  /// The number that findings carry; 0 where no volume could be opened.
  package let number: UInt16
  /// What libblkid calls it.
  package let identity: Identity?
  /// Why a volume that is there could not be opened.
  package let problem: String?

  /// The folder under `files/` that holds what is recovered from here.
  package var folder: String {
    guard let volume else { return "" }
    let label = volume.label.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    return [partition.map { String($0.number) }, volume.kind.lowercased(), label]
      .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "-")
  }
}
