// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A file system that is no longer in force: its entry in the partition table is gone, or another one
/// was made over it. A hypothesis, with what speaks for it.
package struct LostVolume: Sendable {
  /// Where it lay, in the source that was searched.
  package let range: Range<ByteOffset>
  package let volume: any Volume
  /// How many of the structures looked at agree with it …
  package let consistent: Int
  /// … of how many.
  package let examined: Int

  package init(range: Range<ByteOffset>, volume: any Volume, consistent: Int, examined: Int) {
    self.range = range
    self.volume = volume
    self.consistent = consistent
    self.examined = examined
  }
}

/// A file system that is in force, beside which lost ones are looked for.
package struct PresentVolume: Sendable {
  /// Where it lies on the medium.
  package let range: Range<ByteOffset>
  package let volume: any Volume

  package init(range: Range<ByteOffset>, volume: any Volume) {
    self.range = range
    self.volume = volume
  }
}
