// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A file system found on a source: tells what is allocated, and visits every file that its
/// metadata still describes, live or deleted.
package protocol Volume: Sendable {
  /// "ext4", "FAT32" …
  var kind: String { get }
  var label: String { get }
  /// The unit of allocation.
  var clusterSize: ByteCount { get }
  /// Sizes, features and states worth telling, in the field's words ("not unmounted" …).
  var remarks: [String] { get }

  /// Reads the allocation map. Never throws: what cannot be read or trusted is `unknown`.
  func allocation() -> Allocation

  /// Hands every file to `body`, live and deleted, in an order that depends on the bytes alone.
  ///
  /// Damage is noted as evidence and skipped; only what `body` throws is thrown.
  ///
  /// - Parameters:
  ///   - number: what findings carry as their volume.
  ///   - landmarks: structures of this kind of file system that the pass met anywhere on the
  ///     medium, sorted by offset (in bytes of the medium).
  func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws

  /// Hands the files that are present to `body`, reading no more than that takes.
  func visitPresent(number: UInt16, _ body: (Finding) throws -> Void) throws

  /// Layouts of deleted files that lists of blocks in free space tell, in order of their starts.
  func listedLayouts() -> [ListedLayout]
}

extension Volume {
  package func listedLayouts() -> [ListedLayout] { [] }

  package func visitPresent(number: UInt16, _ body: (Finding) throws -> Void) throws {
    try visit(number: number, landmarks: []) { finding in
      if finding.origin == .live { try body(finding) }
    }
  }
}
