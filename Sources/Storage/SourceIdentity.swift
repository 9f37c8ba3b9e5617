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
    func attribute(_ names: String...) -> String {
      guard let device else { return "" }
      return names.lazy.compactMap { Self.attribute($0, of: device, system) }.first ?? ""
    }
    self.init(
      model: attribute("device/model"), serial: attribute("device/serial", "device/wwid", "wwid"),
      length: length)
  }

  /// What the kernel tells of a disk, or of the disk that a partition is of; nil where nothing.
  static func attribute(
    _ name: String, of device: DeviceNumber, _ system: SystemFiles = SystemFiles()
  ) -> String? {
    guard var folder = system.resolved("/sys/dev/block/\(device)") else { return nil }
    if system.text(folder + "/partition") != nil, let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
    }
    return system.text("\(folder)/\(name)").flatMap { $0.isEmpty ? nil : $0 }
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
