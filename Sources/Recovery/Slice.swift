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
  /// Of a volume that is no longer in force: how many of the structures looked at agree with it.
  package var support: Support?
  /// Whether a volume that is in force lies where this one lay.
  package var isOverlaid = false

  /// What speaks for a volume that is no longer in force.
  package struct Support: Sendable, Equatable {
    package let consistent: Int
    package let examined: Int

    var remark: String {
      "no longer in force: \(consistent) of \(examined) structures agree with it"
    }
  }

  /// What is worth telling of the volume, and what speaks for it where it is no longer in force.
  package var remarks: [String] {
    (volume?.remarks ?? []) + (support.map { [$0.remark] } ?? [])
  }

  /// The folder under `files/` that holds what is recovered from here.
  package var folder: String {
    guard let volume else { return "" }
    let label = volume.label.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    let lost = support.map { _ in "lost\(number)" }
    return [lost ?? partition.map { String($0.number) }, volume.kind.lowercased(), label]
      .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "-")
  }
}
