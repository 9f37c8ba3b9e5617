// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A place where a signature or a landmark was met; what `kind` means is the scan's affair.
package struct Mark: Sendable, Equatable {
  package var kind: UInt16
  package var offset: ByteOffset

  package init(kind: UInt16, offset: ByteOffset) {
    self.kind = kind
    self.offset = offset
  }
}

/// What reading one chunk of the source gave. Results of different chunks merge in any order.
package struct PassResult: Sendable {
  package var range: Range<ByteOffset>
  package var marks: [Mark]
  package var defects: RangeSet<ByteOffset>
  /// What the blocks of the range look like, from its start on.
  package var classes: [ClassRun] = []
  /// Hits that were not kept because there were too many of their kind.
  package var passedOver = 0

  package init(range: Range<ByteOffset>, marks: [Mark], defects: RangeSet<ByteOffset>) {
    self.range = range
    self.marks = marks
    self.defects = defects
  }
}

/// What a recorded range of a volume means.
package enum RangeKind: UInt8, Sendable, CaseIterable {
  case allocated, unallocated, unknown
}
