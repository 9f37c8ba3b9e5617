// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What tells a disk from another of the same name.
package struct SourceIdentity: Sendable, Hashable, Codable {
  /// Empty where the kernel does not know them: an image, a loop device, some USB bridges.
  package let model: String
  package let serial: String
  /// Bytes.
  package let length: UInt64

  package init(model: String, serial: String, length: ByteCount) {
    self.model = model
    self.serial = serial
    self.length = length.rawValue
  }

  init(device: DeviceNumber?, length: ByteCount, _ system: SystemFiles = SystemFiles()) {
    var folder = device.flatMap { system.resolved("/sys/dev/block/\($0)") }
    if let part = folder, system.text(part + "/partition") != nil,
      let slash = part.lastIndex(of: "/")
    {
      folder = String(part[..<slash])
    }
    func attribute(_ names: String...) -> String {
      guard let folder else { return "" }
      for name in names {
        if let text = system.text("\(folder)/\(name)"), !text.isEmpty { return text }
      }
      return ""
    }
    self.init(
      model: attribute("device/model"), serial: attribute("device/serial", "device/wwid", "wwid"),
      length: length)
  }

  /// Whether this can be the same disk as the other: nothing that both know differs.
  package func mayBe(_ other: SourceIdentity) -> Bool {
    func agree(_ one: String, _ other: String) -> Bool {
      one.isEmpty || other.isEmpty || one == other
    }
    return length == other.length && agree(model, other.model) && agree(serial, other.serial)
  }

  /// Whether the disk itself says who it is.
  package var isCertain: Bool { !serial.isEmpty }
}
