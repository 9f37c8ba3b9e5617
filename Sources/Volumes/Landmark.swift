// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A structure of a file system recognised anywhere on the medium, by its bytes alone.
package struct Landmark: Hashable, Sendable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    /// The first block of an ext directory: `.` and `..` with file types.
    case extDirectory
    /// The checksum tail of an ext directory block.
    case extDirectoryTail
    /// A node of an ext4 extent tree (0xF30A) in a block of its own.
    case extExtentNode
    /// A FAT directory cluster that starts with `.` and `..`.
    case fatDirectory
  }

  package let kind: Kind
  /// Where the structure starts, in bytes of the medium.
  package let offset: ByteOffset

  package init(_ kind: Kind, at offset: ByteOffset) {
    self.kind = kind
    self.offset = offset
  }
}
