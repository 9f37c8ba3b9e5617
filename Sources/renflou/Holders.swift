// SPDX-License-Identifier: Apache-2.0

import Identification
import Storage

/// Who holds a disk that is in use.
struct Holders {
  private let path: String
  private let mounts: [String]

  /// Nil where the kernel does not say.
  init?(of path: String) {
    let device = Device.all().first { device in
      device.path == path || device.partitions.contains { $0.path == path }
    }
    let partition = device?.partitions.first { $0.path == path }
    guard let mounts = partition?.mounts ?? device?.mounts, !mounts.isEmpty else { return nil }
    self.path = path
    self.mounts = mounts
  }

  /// Those of the mounts that may write.
  var writing: [String] {
    let readOnly = Mount.all().filter { $0.options.contains("ro") }.map(\.point)
    return mounts.filter { !readOnly.contains($0) }
  }

  var failure: Failure {
    let places = mounts.joined(separator: ", ")
    return Failure(
      status: .refused,
      what: ("the source is in use: mounted at \(places)", "la source est montée : \(places)"),
      place: path,
      advice: (
        "unmount it: umount \(mounts[0]); --shared goes on if all its mounts are read-only",
        "démontez-la : umount \(mounts[0]) ; --shared continue si tout y est en lecture seule"
      ))
  }
}
