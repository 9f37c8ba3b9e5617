// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

extension Device {
  /// All disks that hold anything, sorted by path: loop devices without a file are left out, and so
  /// are memory disks.
  package static func all(_ system: SystemFiles = SystemFiles()) -> [Device] {
    let uses = Uses(system)
    return system.names("/sys/block").compactMap { name in
      let isMemory = name.hasPrefix("ram") || name.hasPrefix("zram")
      return isMemory ? nil : Device(name, uses, system)
    }
    .filter { $0.size > 0 }
    .sorted { $0.path < $1.path }
  }

  /// The disk of a name in `/sys/block`.
  init?(_ name: String, _ uses: Uses, _ system: SystemFiles) {
    guard let folder = system.resolved("/sys/block/\(name)"),
      let number = system.text(folder + "/dev").flatMap({ DeviceNumber($0) })
    else { return nil }
    func value(_ file: String) -> UInt64? {
      system.text("\(folder)/\(file)").flatMap { UInt64($0) }
    }
    func words(_ files: String...) -> String {
      files.lazy.compactMap { system.text("\(folder)/\($0)") }.first { !$0.isEmpty } ?? ""
    }
    self.number = number
    // The kernel writes a `!` for the slash of names such as `cciss/c0d0`.
    path = "/dev/" + String(name.map { $0 == "!" ? "/" : $0 })
    let vendor = words("device/vendor")
    let model = words("device/model", "dm/name", "md/level", "device/name")
    // A vendor of ATA, or a number, says nothing that the model does not.
    let isName = vendor != "ATA" && !vendor.hasPrefix("0x") && !vendor.isEmpty
    self.model = Self.printable(isName && !model.isEmpty ? "\(vendor) \(model)" : model)
    serial = Self.printable(words("device/serial", "serial", "device/wwid", "wwid"))
    size = ByteCount(Self.bytes(sectors: value("size") ?? 0))
    logicalSector = ByteCount(value("queue/logical_block_size") ?? 512)
    physicalSector = ByteCount(value("queue/physical_block_size") ?? 512)
    isRotational = value("queue/rotational") == 1
    isRemovable = value("removable") == 1
    isReadOnly = value("ro") == 1
    backingFile = system.text(folder + "/loop/backing_file")
    partitions = Self.partitions(below: folder, uses, system)
    mounts = uses.points(on: number)
    isSystemDisk = mounts.contains { Self.systemPoints.contains($0) }
  }

  private static let systemPoints: Set = [
    "/", "/boot", "/boot/efi", "/usr", "/var", "/home", "[swap]",
  ]

  private static func partitions(
    below folder: String, _ uses: Uses, _ system: SystemFiles
  ) -> [Partition] {
    system.names(folder).compactMap { name in
      let part = "\(folder)/\(name)"
      guard let number = system.text(part + "/partition").flatMap({ UInt32($0) }),
        let device = system.text(part + "/dev").flatMap({ DeviceNumber($0) }),
        let start = system.text(part + "/start").flatMap({ UInt64($0) }),
        let sectors = system.text(part + "/size").flatMap({ UInt64($0) })
      else { return nil }
      let from = ByteOffset(bytes(sectors: start))
      return Partition(
        path: "/dev/" + String(name.map { $0 == "!" ? "/" : $0 }), number: number,
        range: from..<from.advancedClamped(by: ByteCount(bytes(sectors: sectors))),
        mounts: uses.points(on: device))
    }
    .sorted { $0.number < $1.number }
  }

  /// The kernel counts in sectors of 512 bytes, whatever the disk does.
  private static func bytes(sectors: UInt64) -> UInt64 {
    let (bytes, overflow) = sectors.multipliedReportingOverflow(by: 512)
    return overflow ? .max : bytes
  }

  /// Firmware pads with blanks and sometimes with worse.
  private static func printable(_ text: String) -> String {
    let clean = text.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? Character($0) : " " }
    return String(clean).split(separator: " ").joined(separator: " ")
  }
}
