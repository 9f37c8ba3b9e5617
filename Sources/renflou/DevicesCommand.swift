// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Identification

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List disks: model, serial, size, sector sizes, what is mounted.",
    discussion: "Example:\n\n  renflou devices")

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let devices = Device.all()
      let out = Output()
      if output.json {
        try out.writeJSON(DeviceListDocument(devices))
      } else {
        for device in devices { try out.write(output.messages.device(device) + "\n") }
        if devices.isEmpty { talk(output.messages.noDevices) }
      }
      try out.flush()
      return devices.isEmpty ? .nothingFound : .done
    }
  }
}
