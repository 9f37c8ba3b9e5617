// SPDX-License-Identifier: Apache-2.0

/// What a file rests on, as far as the kernel tells: it decides what erasing it can promise.
package struct MediumKind: Sendable, Hashable {
  /// The type of the file system, `ext4`; empty where it is not known.
  package let fileSystem: String
  /// Nil where the device does not say, or there is none.
  package let isRotational: Bool?

  package init(of path: String, _ system: SystemFiles = SystemFiles()) {
    guard let status = system.status(path) else {
      (fileSystem, isRotational) = ("", nil)
      return
    }
    let mounts = Mount.all(system)
    let mount = mounts.first { $0.id == status.mount } ?? mounts.last { $0.device == status.device }
    fileSystem = mount?.type ?? ""
    let device = "/sys/dev/block/\(status.device)"
    let word =
      system.text(device + "/queue/rotational") ?? system.text(device + "/../queue/rotational")
    isRotational = word.map { $0 == "1" }
  }

  /// Whether the file system writes new blocks instead of overwriting.
  package var copiesOnWrite: Bool {
    ["btrfs", "zfs", "bcachefs", "nilfs2", "f2fs", "overlay"].contains(fileSystem)
  }
}
