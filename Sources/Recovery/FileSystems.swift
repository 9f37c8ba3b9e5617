// SPDX-License-Identifier: Apache-2.0

import Btrfs
import Bytes
import ExFAT
import Ext
import FAT
import NTFS
import Volumes
import XFS

/// The file systems that can be read, in the order in which they are tried.
enum FileSystems {
  static let all: [@Sendable (Source) throws -> (any Volume)?] = [
    { try ExFATVolume.open($0) },
    { try FATVolume.open($0) },
    // Before ext, whose backups may survive where these were made.
    { try BtrfsVolume.open($0) },
    { try XFSVolume.open($0) },
    { try ExtVolume.open($0) },
    { try NTFSVolume.open($0) },
    // Last: a backup may be older than what was made over it.
    { try NTFSVolume.openByBackup($0) },
  ]

  /// How each looks for volumes that are no longer in force.
  ///
  /// - Parameters:
  ///   - source: the whole of what is scanned.
  ///   - landmarks: what the pass met there, sorted by offset (in bytes of the medium); none before a
  ///     pass.
  ///   - present: the volumes that are in force.
  typealias Search =
    @Sendable (
      _ source: Source, _ landmarks: [Landmark], _ present: [PresentVolume]
    ) -> [LostVolume]

  static let lost: [Search] = [
    { ExtVolume.lost(in: $0, landmarks: $1, present: $2) },
    { ExFATVolume.lost(in: $0, landmarks: $1, present: $2) },
    { FATVolume.lost(in: $0, landmarks: $1, present: $2) },
    { BtrfsVolume.lost(in: $0, landmarks: $1, present: $2) },
    { XFSVolume.lost(in: $0, landmarks: $1, present: $2) },
    { NTFSVolume.lost(in: $0, landmarks: $1, present: $2) },
  ]
}
