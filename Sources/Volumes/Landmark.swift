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
    /// An ext superblock, primary or backup: starts 56 bytes before its magic number.
    case extSuperblock
    /// A block of a jbd2 journal that has a header: descriptor, commit, superblock, revoke.
    case journalBlock
    /// An XFS superblock, primary or that of another allocation group.
    case xfsSuperblock
    /// A sector that starts with an XFS inode, in use or freed.
    case xfsInode
    /// A block of an XFS directory that holds names.
    case xfsDirectory
    /// A block of the B-tree that maps an XFS file.
    case xfsMap
    /// A Btrfs superblock, primary or mirror.
    case btrfsSuperblock
    /// A record of an NTFS master file table, in use or freed.
    case ntfsRecord
    /// A block of an NTFS folder's index.
    case ntfsIndex
    /// The boot sector of an NTFS volume, or its backup.
    case ntfsBootSector
    /// A sector that starts with an exFAT entry set, in use or deleted.
    case exfatEntrySet
    /// An exFAT boot sector, main or backup.
    case exfatBootSector
    /// A page of an NTFS change journal.
    case ntfsChange
    /// A FAT boot sector, main or backup.
    case fatBootSector
    /// The first sector of a file allocation table.
    case fatTable
  }

  package let kind: Kind
  /// Where the structure starts, in bytes of the medium.
  package let offset: ByteOffset

  package init(_ kind: Kind, at offset: ByteOffset) {
    self.kind = kind
    self.offset = offset
  }
}
