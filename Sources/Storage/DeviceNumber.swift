// SPDX-License-Identifier: Apache-2.0

import CStorage

/// The kernel's number of a device, such as 8:1.
package struct DeviceNumber: Hashable, Sendable, CustomStringConvertible {
  package let major: UInt32
  package let minor: UInt32

  package init(_ major: UInt32, _ minor: UInt32) {
    self.major = major
    self.minor = minor
  }

  init(_ number: UInt64) {
    self.init(cs_device_major(number), cs_device_minor(number))
  }

  /// From "8:1"; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let major = UInt32(parts[0]), let minor = UInt32(parts[1])
    else { return nil }
    self.init(major, minor)
  }

  package var description: String { "\(major):\(minor)" }
}
