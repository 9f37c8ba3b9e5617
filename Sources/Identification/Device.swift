// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

/// A disk, as the kernel describes it.
package struct Device: Hashable, Sendable {
  /// A part of a disk.
  package struct Partition: Hashable, Sendable {
    package let path: String
    package let number: UInt32
    package let range: Range<ByteOffset>
    package let mounts: [String]
  }

  /// "/dev/sda".
  package let path: String
  package let number: DeviceNumber
  package let model: String
  package let serial: String
  package let size: ByteCount
  package let logicalSector: ByteCount
  package let physicalSector: ByteCount
  package let isRotational: Bool
  package let isRemovable: Bool
  package let isReadOnly: Bool
  package let partitions: [Partition]
  /// Where the disk, its partitions and what is built on them (LVM, RAID, LUKS, loops over files
  /// not included) are mounted; `[swap]` where they serve as swap.
  package let mounts: [String]
  /// The file behind a loop device.
  package let backingFile: String?
  /// Whether the running system lives on it: `/`, `/boot`, `/usr`, `/home` or swap.
  package let isSystemDisk: Bool
}
