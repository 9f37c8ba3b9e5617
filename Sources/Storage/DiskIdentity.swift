// SPDX-License-Identifier: Apache-2.0

import CStorage

/// Which hardware something rests on: every device passed on the way down.
package struct DiskIdentity: Sendable {
  package private(set) var devices: Set<DeviceNumber> = []
  /// The files that loop devices on the way are made of.
  package private(set) var backingFiles: Set<FileIdentity> = []
  private let system: SystemFiles
  private let crossesFiles: Bool

  package struct FileIdentity: Hashable, Sendable {
    package let device: DeviceNumber
    package let inode: UInt64
  }

  /// The way down from a path, which is a device, a file or a folder.
  ///
  /// - Parameter crossesFiles: whether the way goes on from a loop device to the disk on which its
  ///   file lies. A target's way does; a source's does not, or no image could be recovered onto
  ///   the disk that holds it.
  package init(of status: FileStatus, crossesFiles: Bool, _ system: SystemFiles = SystemFiles()) {
    self.system = system
    self.crossesFiles = crossesFiles
    if let device = status.blockDevice {
      visit(device)
    } else {
      visitFileSystem(of: status)
    }
  }

  /// A device and all it is built of: the disk of a partition, the parts of dm and md.
  private mutating func visit(_ device: DeviceNumber) {
    guard devices.insert(device).inserted,
      let folder = system.resolved("/sys/dev/block/\(device)")
    else { return }
    if system.text(folder + "/partition") != nil, let slash = folder.lastIndex(of: "/") {
      visit(listedAt: String(folder[..<slash]))
    }
    for part in system.names(folder + "/slaves") { visit(listedAt: "\(folder)/slaves/\(part)") }
    if let file = system.text(folder + "/loop/backing_file") { visitBacking(file, folder) }
  }

  private mutating func visit(listedAt folder: String) {
    if let number = system.text(folder + "/dev").flatMap({ DeviceNumber($0) }) { visit(number) }
  }

  /// The file of a loop device; its name may be gone, so the device itself is asked first.
  private mutating func visitBacking(_ path: String, _ folder: String) {
    var status = system.status(path)
    var number: UInt64 = 0
    var inode: UInt64 = 0
    let device = "/dev/" + (folder.split(separator: "/").last.map(String.init) ?? "")
    if unsafe cs_loop_backing(device, &number, &inode) == 0 {
      let asked = FileStatus(device: DeviceNumber(number), inode: inode)
      if status?.device != asked.device || status?.inode != inode { status = asked }
    }
    guard let status else { return }
    backingFiles.insert(FileIdentity(device: status.device, inode: status.inode))
    if crossesFiles { visitFileSystem(of: status) }
  }

  /// The devices of the file system on which a file lies.
  private mutating func visitFileSystem(of status: FileStatus) {
    if system.resolved("/sys/dev/block/\(status.device)") != nil { return visit(status.device) }
    // An anonymous number (Btrfs, overlay, FUSE, network): the mount knows its device, if any.
    guard devices.insert(status.device).inserted else { return }
    let mounts = Mount.all(system)
    guard
      let mount = mounts.first(where: { $0.id == status.mount && status.mount != 0 })
        ?? mounts.first(where: { $0.device == status.device })
    else { return }
    // bcachefs lists its devices with colons between them.
    for path in mount.source.split(separator: ":") {
      if let device = system.status(String(path))?.blockDevice { visit(device) }
    }
    if mount.type == "btrfs" { visitBtrfs() }
    for option in mount.options where option.hasPrefix("upperdir=") {
      if let upper = system.status(String(option.dropFirst(9))) { visitFileSystem(of: upper) }
    }
  }

  /// All devices of each Btrfs that one of the devices found so far belongs to.
  private mutating func visitBtrfs() {
    for volume in system.names("/sys/fs/btrfs") {
      let folder = "/sys/fs/btrfs/\(volume)/devices"
      let members = system.names(folder).map { "\(folder)/\($0)" }
      let numbers = members.compactMap { system.text($0 + "/dev").flatMap { DeviceNumber($0) } }
      guard numbers.contains(where: devices.contains) else { continue }
      for number in numbers { visit(number) }
    }
  }
}
