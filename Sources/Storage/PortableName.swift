// SPDX-License-Identifier: Apache-2.0

/// A name that Linux, macOS and Windows can all hold, on FAT, exFAT and NTFS too, made of a name from
/// a disk.
///
/// It is for files that are carried to machines that we do not know. `_` stands for what must be
/// escaped, and for `%`: a list of sums encodes `%`, which neither `sha256sum` nor bagit.py undoes, so
/// that a name with one could not be checked with them.
///
/// - Source: Microsoft, *Naming Files, Paths, and Namespaces*, "Naming Conventions".
package struct PortableName: Hashable, Sendable {
  /// At most 140 bytes; neither empty, `.` nor `..`.
  package let text: String

  /// - Parameter number: from 2 on, ` (2)` stands before the extension.
  package init(_ raw: [UInt8], number: Int = 1) {
    let bytes = SafeName(raw, .strict).numbered(number, .strict)
    text = Self.withoutDeviceName(Self.withoutEscapes(bytes))
  }

  /// Each run of escapes becomes one `_`.
  private static func withoutEscapes(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    var rest = bytes[...]
    var isInRun = false
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        result.append(byte)
        isInRun = false
        continue
      }
      let isEscape = rest.count >= 2 && rest.prefix(2).allSatisfy(isDigit)
      if isEscape { rest = rest.dropFirst(2) }
      if !isInRun { result.append(0x5F) }
      isInRun = true
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Upper-case hexadecimal digits, as escapes have them.
  private static func isDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
  }

  /// Windows takes `CON` and `con.txt` for a device.
  private static func withoutDeviceName(_ name: String) -> String {
    let stem = name.prefix { $0 != "." }
    guard devices.contains(stem.uppercased()) else { return name }
    return stem + "_" + name.dropFirst(stem.count)
  }

  private static let devices: Set<String> = {
    let numbered = ["COM", "LPT"].flatMap { name in (1...9).map { name + String($0) } }
    return Set(["CON", "PRN", "AUX", "NUL"] + numbered)
  }()
}
