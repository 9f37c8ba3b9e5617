// SPDX-License-Identifier: Apache-2.0

/// What a block of 4 KiB looks like at a glance: what a map of a disk shows, and which blocks may belong
/// together.
package enum BlockClass: UInt8, Sendable, CaseIterable {
  /// All zeros: never written, wiped, or discarded by TRIM.
  case zero
  /// One other value throughout.
  case constant
  /// Characters of a text, of one byte or in UTF-8.
  case text
  /// Bytes without a pattern: compressed or encrypted, as most photos and videos are.
  case dense
  /// Anything else: programs, tables, plain pictures and sound.
  case other

  /// How much of the medium one class speaks for.
  package static let blockSize: ByteCount = 4096
}

/// Blocks of one class, one behind the other.
package struct ClassRun: Sendable, Equatable {
  package var kind: BlockClass
  /// In bytes; the last block of a medium may be short.
  package var length: ByteCount

  package init(_ kind: BlockClass, length: ByteCount) {
    self.kind = kind
    self.length = length
  }
}
