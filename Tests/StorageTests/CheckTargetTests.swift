// SPDX-License-Identifier: Apache-2.0

import Glibc
import Fixtures
import Testing

@testable import Storage

/// A machine made of folders: a disk `sda` with two partitions, `sdb` with one, dm-0 (LUKS) on sda2,
/// md0 on sdb1, loopT over a file, and a Btrfs of sdb1 and sda1.
final class Machine {
  let folder = Folder()
  let imagePath: String
  var system: SystemFiles { SystemFiles(root: folder.path) }

  init() {
    imagePath = folder.file("disk.img", [1])
    device("sda", 8, 0)
    device("sda/sda1", 8, 1, partition: true)
    device("sda/sda2", 8, 2, partition: true)
    device("sdb", 8, 16)
    device("sdb/sdb1", 8, 17, partition: true)
    device("dm-0", 253, 0, slaves: ["sda/sda2"])
    device("md0", 9, 0, slaves: ["sdb/sdb1"])
    device("loopT", 7, 200)
    make("sys/devices/loopT/loop")
    folder.file("sys/devices/loopT/loop/backing_file", raw("/disk.img\n"))
    make("sys/fs/btrfs/1234/devices")
    for name in ["sda1", "sdb1"] {
      symlink(
        "../../../../devices/\(name.dropLast())/\(name)",
        folder.path + "/sys/fs/btrfs/1234/devices/\(name)")
    }
    make("proc/self")
    folder.file(
      "proc/self/mountinfo", raw("31 1 0:52 / /mnt rw,noatime shared:1 - tmpfs none rw\n"))
  }

  private func make(_ path: String) {
    var below = folder.path
    for part in path.split(separator: "/") {
      below += "/" + part
      mkdir(below, 0o700)
    }
  }

  private func device(
    _ path: String, _ major: Int, _ minor: Int, partition: Bool = false, slaves: [String] = []
  ) {
    make("sys/devices/\(path)/slaves")
    folder.file("sys/devices/\(path)/dev", raw("\(major):\(minor)\n"))
    if partition { folder.file("sys/devices/\(path)/partition", raw("1\n")) }
    for slave in slaves {
      let name = slave.split(separator: "/").last!
      symlink("../../\(slave)", folder.path + "/sys/devices/\(path)/slaves/\(name)")
    }
    make("sys/dev/block")
    symlink("../../devices/\(path)", folder.path + "/sys/dev/block/\(major):\(minor)")
  }

  /// A device as a source.
  func disk(_ major: UInt32, _ minor: UInt32) -> FileStatus {
    FileStatus(
      device: DeviceNumber(0, 5), inode: UInt64(minor) + 100,
      blockDevice: DeviceNumber(major, minor))
  }

  /// A folder on a device as a target.
  func folder(on major: UInt32, _ minor: UInt32) -> FileStatus {
    FileStatus(device: DeviceNumber(major, minor), inode: 2, isFolder: true)
  }

  func objection(_ target: FileStatus, _ source: FileStatus) -> TargetRefused.Reason? {
    Storage.objection(toWritingAt: target, for: source, system)
  }
}

@Suite struct `A target` {
  let machine = Machine()

  @Test func `on another disk is allowed`() {
    #expect(machine.objection(machine.folder(on: 8, 17), machine.disk(8, 0)) == nil)
    #expect(machine.objection(machine.folder(on: 8, 1), machine.disk(9, 0)) == nil)
    #expect(machine.objection(machine.folder(on: 0, 52), machine.disk(8, 0)) == nil)
  }

  @Test func `on a partition of the source is refused`() {
    #expect(machine.objection(machine.folder(on: 8, 1), machine.disk(8, 0)) == .insideSource)
  }

  @Test func `on another partition of the source's disk is refused`() {
    #expect(machine.objection(machine.folder(on: 8, 2), machine.disk(8, 1)) == .sameDisk)
  }

  @Test func `on an encrypted or joined volume of that disk is refused`() {
    #expect(machine.objection(machine.folder(on: 253, 0), machine.disk(8, 1)) == .sameDisk)
    #expect(machine.objection(machine.folder(on: 8, 1), machine.disk(253, 0)) == .sameDisk)
    #expect(machine.objection(machine.folder(on: 9, 0), machine.disk(8, 16)) == .insideSource)
  }

  @Test func `that is the source is refused`() {
    #expect(machine.objection(machine.disk(8, 0), machine.disk(8, 0)) == .isSource)
    #expect(machine.objection(machine.disk(8, 1), machine.disk(8, 0)) == .insideSource)
  }

  @Test func `mounted from a loop over the source image is refused`() throws {
    let image = try #require(machine.system.status("/disk.img"))
    #expect(machine.objection(machine.folder(on: 7, 200), image) == .insideSource)
    #expect(machine.objection(machine.folder(on: 7, 200), machine.disk(7, 200)) == .insideSource)
  }

  @Test func `beside the image of a loop is allowed`() throws {
    let image = try #require(machine.system.status("/disk.img"))
    let beside = FileStatus(device: image.device, inode: 1, isFolder: true)
    #expect(machine.objection(beside, machine.disk(7, 200)) == nil)
    #expect(machine.objection(beside, image) == nil)
  }

  @Test func `may not exist yet`() throws {
    let folder = Folder()
    let image = folder.file("disk.img", [1])
    try checkTarget(folder.path + "/new/deeper", for: image)
    #expect(throws: TargetRefused(target: image, source: image, reason: .isSource)) {
      try checkTarget(image, for: image)
    }
  }
}

@Suite struct `The list of mounts` {
  @Test func `is read field by field`() throws {
    let mount = try #require(
      Mount(parsing: #"36 35 98:0 /a /mnt\040x rw,noatime master:1 - ext3 /dev/r\134t rw,errors=c"#)
    )
    #expect(mount.id == 36 && mount.device == DeviceNumber(98, 0) && mount.point == "/mnt x")
    #expect(mount.type == "ext3" && mount.source == #"/dev/r\t"#)
    #expect(mount.options == ["rw", "noatime", "rw", "errors=c"])
  }

  @Test func `cut anywhere is read or refused`() {
    let line = "36 35 98:0 /a /mnt rw shared:1 - ext3 /dev/root rw"
    for count in 0..<line.count { _ = Mount(parsing: line.prefix(count)) }
    #expect(Mount(parsing: line.prefix(30)) == nil)
  }
}
