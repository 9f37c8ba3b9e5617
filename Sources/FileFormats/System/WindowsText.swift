// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Text of 16-bit units, and the names at the end of Windows paths.
enum WindowsText {
  /// Little-endian UTF-16 up to the first NUL; nil where nothing readable is left.
  static func wide(_ bytes: some Collection<UInt8>) -> String? {
    let bytes = Array(bytes)
    var units: [UInt16] = []
    var index = 0
    while let unit = try? bytes.little(UInt16.self, at: index), unit != 0 {
      units.append(unit)
      index += 2
    }
    return ContentText.trimmed(String(decoding: units, as: UTF16.self))
  }

  /// What follows the last separator of a path.
  static func lastComponent(_ path: String?) -> String? {
    path?.split(whereSeparator: { $0 == "\\" || $0 == "/" }).last.flatMap {
      ContentText.trimmed(String($0))
    }
  }
}
