// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// A source that may be failing, opened once, exclusively and past the page cache.
///
/// Through the page cache one bad sector takes good neighbours with it, so a block device that
/// cannot be read directly is refused. A regular file is read as it is.
package final class RescueSource: Sendable {
  package let path: String
  package let length: ByteCount
  /// What the device says of its sectors: offsets and lengths of reads are multiples of the first.
  package let logicalSector: ByteCount
  package let physicalSector: ByteCount
  package let isBlockDevice: Bool
  package let identity: SourceIdentity
  /// Whether the device takes commands, and so can name the sector that failed.
  package let takesCommands: Bool
  private let descriptor: Descriptor

  /// Opens a file or a block device.
  ///
  /// Throws `SourceError`; `busy` where the device is mounted or otherwise held.
  ///
  /// - Parameter shared: open it although something holds it.
  package init(path: String, shared: Bool = false) throws(SourceError) {
    var status = cs_status()
    // SAFETY: the path is a string that outlives the call.
    let looked = unsafe cs_status_of_path(path, &status)
    guard looked == 0 else { throw SourceError(path, opening: SystemError(looked)) }
    guard [CS_FILE, CS_BLOCK_DEVICE].contains(status.kind) else {
      throw SourceError(path, .notASource(status.kind.words))
    }
    isBlockDevice = status.kind == CS_BLOCK_DEVICE
    let number = unsafe cs_open_for_rescue(path, isBlockDevice ? 1 : 0, shared ? 0 : 1)
    if number == -EBUSY { throw SourceError(path, .busy) }
    if number == -EINVAL, isBlockDevice {
      throw SourceError(path, .unreadable("it cannot be read past the page cache"))
    }
    guard number >= 0 else { throw SourceError(path, opening: SystemError(number)) }
    descriptor = Descriptor(number)
    self.path = path
    if isBlockDevice {
      var device = cs_block_device()
      let result = unsafe cs_block_device_of(number, &device)
      guard result == 0 else { throw SourceError(path, .unreadable(SystemError(result).words)) }
      length = ByteCount(device.size)
      logicalSector = ByteCount(UInt64(device.logical_sector))
      physicalSector = ByteCount(UInt64(min(device.physical_sector, 0x1_0000)))
      takesCommands = cs_takes_commands(number) != 0
    } else {
      length = ByteCount(status.size)
      logicalSector = 512
      physicalSector = 512
      takesCommands = false
    }
    guard length > 0 else { throw SourceError(path, .empty) }
    identity = SourceIdentity(
      device: isBlockDevice ? DeviceNumber(status.number) : nil, length: length)
  }

  /// Starts a process that reads it.
  ///
  /// - Parameter memory: how many bytes it may read to.
  package func reader(memory: Int) throws(SourceError) -> ReadingChild {
    do {
      return try ReadingChild(descriptor, memory: memory)
    } catch {
      throw SourceError(path, .unreadable("no process to read it: \(error.words)"))
    }
  }

  /// From now on nothing is read that was not asked for: the source has failed once.
  package func expectFailures() {
    if !isBlockDevice { cs_expect_random(descriptor.number) }
  }
}

extension RescueSource {
  /// Where a source may be found again: under its own name, or under another where the disk itself
  /// says who it is.
  package static func paths(of identity: SourceIdentity, named path: String) -> [String] {
    guard identity.isCertain else { return [path] }
    let system = SystemFiles()
    let others = system.names("/sys/block").map { "/dev/\($0)" }.filter { other in
      guard other != path, let status = system.status(other), let device = status.blockDevice
      else { return false }
      return SourceIdentity(device: device, length: ByteCount(identity.length), system).serial
        == identity.serial
    }
    return [path] + others
  }
}

/// Sleeps.
package func pause(_ seconds: Double) { usleep(UInt32(seconds * 1_000_000)) }

/// Whether anything stands at a path.
package func fileExists(_ path: String) -> Bool {
  var status = cs_status()
  return unsafe cs_status_of_path(path, &status) == 0
}
