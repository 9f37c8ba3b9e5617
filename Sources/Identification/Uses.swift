// SPDX-License-Identifier: Apache-2.0

import Storage

/// What the running system does with its devices.
struct Uses: Sendable {
  /// Mount points, or `[swap]`, with every device that they rest on.
  private let places: [(point: String, devices: Set<DeviceNumber>)]

  init(_ system: SystemFiles) {
    var places: [(String, Set<DeviceNumber>)] = []
    for mount in Mount.all(system) where Self.mayHaveDisk(mount) {
      let status = FileStatus(device: mount.device, inode: 0, mount: mount.id)
      let disk = DiskIdentity(of: status, crossesFiles: false, system)
      places.append((mount.point, disk.devices))
    }
    for line in (system.text("/proc/swaps") ?? "").split(separator: "\n").dropFirst() {
      guard let path = line.split(separator: " ").first,
        let status = system.status(String(path))
      else { continue }
      places.append(("[swap]", DiskIdentity(of: status, crossesFiles: false, system).devices))
    }
    self.places = places
  }

  /// Whether a mount is worth the search; most of a machine's mounts are in memory alone.
  private static func mayHaveDisk(_ mount: Mount) -> Bool {
    mount.device.major != 0 || mount.source.hasPrefix("/") || mount.type == "overlay"
  }

  /// Where a device, or what is built on it, is mounted: each point once, sorted.
  func points(on device: DeviceNumber) -> [String] {
    Set(places.filter { $0.devices.contains(device) }.map(\.point)).sorted()
  }
}
