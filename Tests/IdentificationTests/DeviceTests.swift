// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Storage
import Testing

@testable import Identification

/// A folder that looks like `/sys` and `/proc` of a machine with one disk.
final class Machine {
  let path: String
  private var made: [String] = []

  init() {
    var template = Array("/tmp/renflou-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    made.append(path)
    let disk = "sys/devices/sda"
    let files = [
      "\(disk)/dev": "8:0", "\(disk)/size": "8000", "\(disk)/removable": "1", "\(disk)/ro": "0",
      "\(disk)/device/vendor": "ATA     ", "\(disk)/device/model": "Samsung  SSD\u{1B}\n",
      "\(disk)/device/serial": "S123", "\(disk)/queue/logical_block_size": "512",
      "\(disk)/queue/physical_block_size": "4096", "\(disk)/queue/rotational": "0",
      "\(disk)/sda2/dev": "8:2", "\(disk)/sda2/partition": "2", "\(disk)/sda2/start": "2048",
      "\(disk)/sda2/size": "100", "sys/devices/dm-0/dev": "253:0", "sys/devices/dm-0/size": "50",
      "sys/devices/dm-0/dm/name": "vg-root", "sys/devices/loop9/dev": "7:9",
      "sys/devices/loop9/size": "0",
      "proc/self/mountinfo": "25 1 253:0 / / rw - ext4 /dev/mapper/vg-root rw\n",
    ]
    for (name, text) in files { write(name, text) }
    for (number, target) in ["8:0": "sda", "8:2": "sda/sda2", "253:0": "dm-0"] {
      link("sys/dev/block/\(number)", "../../devices/\(target)")
    }
    for name in ["sda", "dm-0", "loop9"] { link("sys/block/\(name)", "../devices/\(name)") }
    link("sys/devices/dm-0/slaves/sda2", "../../sda/sda2")
  }

  private func makeParent(_ name: String) {
    var below = path
    for part in name.split(separator: "/").dropLast() {
      below += "/" + part
      if mkdir(below, 0o700) == 0 { made.append(below) }
    }
  }

  private func write(_ name: String, _ text: String) {
    makeParent(name)
    let file = fopen(path + "/" + name, "w")!
    fputs(text, file)
    fclose(file)
    made.append(path + "/" + name)
  }

  private func link(_ name: String, _ target: String) {
    makeParent(name)
    symlink(target, path + "/" + name)
    made.append(path + "/" + name)
  }

  deinit {
    for path in made.reversed() { remove(path) }
  }
}

@Suite struct `The list of devices` {
  let machine = Machine()

  @Test func `tells model, sizes and what is mounted through other devices`() throws {
    let devices = Device.all(SystemFiles(root: machine.path))
    #expect(devices.map(\.path) == ["/dev/dm-0", "/dev/sda"])
    let disk = try #require(devices.last)
    #expect(disk.model == "Samsung SSD" && disk.serial == "S123" && disk.size == 4_096_000)
    #expect(disk.logicalSector == 512 && disk.physicalSector == 4096)
    #expect(disk.isRemovable && !disk.isReadOnly && !disk.isRotational)
    #expect(disk.mounts == ["/"] && disk.isSystemDisk)
    #expect(disk.partitions.map(\.path) == ["/dev/sda2"])
    #expect(disk.partitions[0].range == 1_048_576..<1_099_776 && disk.partitions[0].mounts == ["/"])
  }

  @Test func `is empty where the kernel tells nothing`() {
    #expect(Device.all(SystemFiles(root: machine.path + "/none")).isEmpty)
  }
}
