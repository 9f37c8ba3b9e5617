// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Which bytes of the medium a volume says are in use. Unknown is not unallocated.
package struct Allocation: Sendable {
  package let allocated: RangeSet<ByteOffset>
  package let unallocated: RangeSet<ByteOffset>
  /// What an unreadable or checksum-failing allocation map covers.
  package let unknown: RangeSet<ByteOffset>

  /// Three sets without overlap that together cover the volume.
  package init(
    allocated: RangeSet<ByteOffset>, unallocated: RangeSet<ByteOffset>,
    unknown: RangeSet<ByteOffset>
  ) {
    self.allocated = allocated
    self.unallocated = unallocated
    self.unknown = unknown
  }

  /// Whether the whole map was read and holds.
  package var isSound: Bool { unknown.isEmpty }
}
