// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One slice of a disk, as its partition table describes it.
package struct Partition: Hashable, Sendable {
  /// Its place in the table, from 1, as Linux counts: logical ones from 5 on.
  package let number: Int
  /// Where it lies in the source that holds the table, cut to that source's end.
  package let range: Range<ByteOffset>
  /// What the table says is inside ("Linux", "Basic data" …); it need not be true.
  package let typeName: String
  /// The name that a GPT gives it; empty in an MBR.
  package let name: String

  package init(number: Int, range: Range<ByteOffset>, typeName: String, name: String = "") {
    self.number = number
    self.range = range
    self.typeName = typeName
    self.name = name
  }
}
