// SPDX-License-Identifier: Apache-2.0

/// A mounted file system, as `/proc/self/mountinfo` tells.
///
/// | Field      | Meaning                                   |
/// |-----------:|-------------------------------------------|
/// |          1 | the mount's id                            |
/// |          3 | device number                             |
/// |          5 | mount point, escaped                      |
/// |          6 | options of the mount                      |
/// |  after `-` | type, source, options of the file system  |
///
/// - Source: Linux, *Documentation/filesystems/proc.rst*, §3.5.
package struct Mount: Hashable, Sendable {
  package let id: UInt64
  package let device: DeviceNumber
  package let point: String
  package let type: String
  /// A device's path, or a word such as `tmpfs`.
  package let source: String
  package let options: [String]

  init?(parsing line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count >= 9, let id = UInt64(fields[0]), let device = DeviceNumber(fields[2]),
      let dash = fields[6...].firstIndex(of: "-"), dash + 2 < fields.count
    else { return nil }
    self.id = id
    self.device = device
    point = Self.unescape(fields[4])
    type = String(fields[dash + 1])
    source = Self.unescape(fields[dash + 2])
    let last = dash + 3 < fields.count ? fields[dash + 3] : ""
    options = (fields[5].split(separator: ",") + last.split(separator: ",")).map(Self.unescape)
  }

  /// All mounts that this process sees.
  package static func all(_ system: SystemFiles = SystemFiles()) -> [Mount] {
    (system.text("/proc/self/mountinfo") ?? "").split(separator: "\n").compactMap(Mount.init)
  }

  /// Blanks, tabs, newlines and backslashes stand as three octal digits.
  private static func unescape(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == 0x5C, digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
