// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Health
import Identification

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List disks: model, serial, size, sector sizes, what is mounted, health.",
    discussion: "Example:\n\n  renflou devices")

  @Flag(name: .customLong("no-health"), help: "Do not ask the disks for their health.")
  var skipsHealth = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let devices = Device.all()
      let health = skipsHealth ? [:] : health(of: devices)
      let out = Output()
      if output.json {
        try out.writeJSON(DeviceListDocument(devices, health: health))
      } else {
        for device in devices {
          try out.write(output.messages.device(device, health: health[device.path]) + "\n")
        }
        if devices.isEmpty { talk(output.messages.noDevices) }
      }
      try out.flush()
      return devices.isEmpty ? .nothingFound : .done
    }
  }

  /// Seconds that a disk has to answer.
  private static let limit = 5.0

  /// By path; what is no hardware is not asked.
  private func health(of devices: [Device]) -> [String: HealthAnswer] {
    let paths = devices.filter(\.isHardware).map(\.path)
    guard !paths.isEmpty else { return [:] }
    guard let smartctl = Smartctl.installed else {
      talk(output.messages.noSmartctl)
      return [:]
    }
    let answers = smartctl.askAll(paths, limit: Self.limit)
    return Dictionary(uniqueKeysWithValues: zip(paths, answers))
  }
}
