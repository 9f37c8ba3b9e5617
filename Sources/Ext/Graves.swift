// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Deleted inodes as they stand in the tables: without a map and a size, but with the number and the
/// generation that seal what the file left elsewhere.
struct Graves {
  private(set) var lives: [UInt32: (life: InodeLife, kind: Inode.Kind, created: Timestamp?)] = [:]

  /// As many as memory has room for.
  private static let most = 0x20_0000

  init() {}

  /// Reads the used part of all inode tables; nothing where metadata has no checksums, and so no seal.
  init(of volume: ExtVolume) {
    guard volume.hasChecksums else { return }
    InodeTables(volume: volume).visit(.used) { number, inode, _ in
      guard lives.count < Self.most, !inode.isInUse,
        let seal = volume.seal(number, inode.generation)
      else { return }
      lives[seal] = (
        InodeLife(number: number, generation: inode.generation), inode.kind, inode.times.created
      )
    }
  }

  /// Folders by the seal of their blocks.
  var folders: [UInt32: UInt32] {
    lives.filter { $0.value.kind == .folder }.mapValues(\.life.number)
  }
}
