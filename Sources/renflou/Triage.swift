// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import Health
import Identification
import Recovery
import Storage

/// What is to be known of a disk before it is imaged. What the disk says comes first: one that should
/// be stopped is not read.
struct Triage {
  let path: String
  /// The whole disk; nil for an image file, and where the kernel lists none.
  let device: Device?
  let isBlockDevice: Bool
  let length: ByteCount
  let health: HealthAnswer
  private(set) var samples: [Sample] = []
  /// What is on it; nil where it was not looked at.
  private(set) var probe: Probe?
  private(set) var advice: Advice

  /// In seconds: a full report of a disk that works hard to read its own logs.
  private static let healthLimit = 60.0
  private static let laterLimit = 20.0
  private static let probeLimit = 60.0

  /// - Parameter setsReadOnly: first make the kernel refuse all writes to the disk.
  /// - Throws: `SourceError` where there is nothing to look at; what `--set-read-only` cannot do.
  init(_ path: String, smartctl: Smartctl?, setsReadOnly: Bool) throws {
    let medium = try FileMedium(path: path, isDirect: true)
    self.path = path
    isBlockDevice = medium.isBlockDevice
    length = medium.length
    let device = medium.isBlockDevice ? Device.holding(path) : nil
    self.device = device
    let asked = device?.path ?? path
    let use = DiskUse(
      isSystemDisk: device?.isSystemDisk ?? false, mounts: device?.mounts ?? [],
      size: device?.size)
    if setsReadOnly { try Self.setReadOnly(path, isBlockDevice: isBlockDevice, device) }
    health =
      isBlockDevice ? smartctl?.ask(asked, limit: Self.healthLimit) ?? .noSmartctl : .notADevice
    advice = Advice(health, use: use)
    // The system disk is read all the time anyway.
    guard advice.course < .stop || advice.reasons.filter({ $0.course == .stop }) == [.systemDisk]
    else { return }
    samples = Sample.take(of: medium, wakes: medium.isBlockDevice)
    advice = Advice(health, samples: samples, use: use)
    guard !samples.contains(where: { $0.outcome == .hung }) else { return }
    probe = within(Self.probeLimit) { [medium] in Self.probe(path, medium) }
    let later =
      health.report == nil
      ? nil : smartctl?.ask(asked, .brief, limit: Self.laterLimit).report
    advice = Advice(health, later: later, samples: samples, use: use)
  }

  /// An image may have parts, and a mapfile beside it; a disk is itself.
  private static func probe(_ path: String, _ disk: FileMedium) -> Probe {
    let medium = disk.isBlockDevice ? disk : (try? openMedium(at: path)) ?? disk
    return Probe(Source(medium))
  }

  /// Sets the kernel's flag on the disk and on its partitions.
  private static func setReadOnly(
    _ path: String, isBlockDevice: Bool, _ device: Device?
  ) throws {
    guard isBlockDevice else {
      throw Failure(
        status: .usage,
        what: ("an image file has no such flag", "un fichier image n'a pas ce drapeau"),
        place: path,
        advice: (
          "take its write permission away: chmod a-w", "retirez le droit d'écriture : chmod a-w"
        ))
    }
    guard device?.mounts.isEmpty ?? true else {
      throw Failure(
        status: .refused,
        what: (
          "the disk is in use: it is not set read-only below a mounted file system",
          "le disque est utilisé : pas de lecture seule sous un système de fichiers monté"
        ), place: path,
        advice: ("unmount it first", "démontez-le d'abord"))
    }
    for part in device?.partitions ?? [] { try ReadOnlyFlag.set(on: part.path) }
    try ReadOnlyFlag.set(on: device?.path ?? path)
  }

  /// Whether the kernel refuses writes; nil for an image file.
  var isReadOnly: Bool? { isBlockDevice ? ReadOnlyFlag.isSet(on: device?.path ?? path) : nil }
}

extension Device {
  /// The disk that a path names, or whose partition it names.
  static func holding(_ path: String) -> Device? {
    let system = SystemFiles()
    guard let number = system.status(path)?.blockDevice else { return nil }
    return Device.all(system).first { device in
      device.number == number
        || device.partitions.contains { system.status($0.path)?.blockDevice == number }
    }
  }

  /// Whether it is a piece of hardware, and may have health to tell.
  var isHardware: Bool {
    let name = path.dropFirst("/dev/".count)
    return !["loop", "dm-", "md", "zd", "nbd", "sr", "fd", "drbd", "rbd"].contains {
      name.hasPrefix($0)
    }
  }
}

extension Smartctl {
  /// The one that the environment leads to.
  static var installed: Smartctl? {
    find(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
  }
}
