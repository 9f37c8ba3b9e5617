// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum JavaClassSpecimens {
  private static func text(_ text: String) -> [UInt8] {
    [1] + big(UInt16(text.utf8.count)) + ascii(text)
  }

  static let all: [Specimen] = {
    let constants =
      text("org/boats/Boat") + [7, 0, 1] + text("java/lang/Object") + [7, 0, 3] + text("Code")
      + text("row") + text("()V") + [5] + junk(8) + text("SourceFile") + text("Boat.java")
      + text(String(repeating: "a text of its own ", count: 20))
    let code = junk(120)
    let method =
      [0, 1, 0, 6, 0, 7, 0, 1] + [0, 5] + big(UInt32(code.count)) + code
    let field: [UInt8] = [0, 1, 0, 6, 0, 7, 0, 0]
    let bytes =
      [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52] + big(UInt16(13)) + constants + [0, 0x21, 0, 2, 0, 4]
      + [0, 0] + [0, 1] + field + [0, 2] + method + method + [0, 1, 0, 10]
      + big(UInt32(2)) + [0, 11]
    return [
      Specimen(
        .javaClass, bytes, name: "Boat", verdict: .intact,
        boundaries: [10, 10 + constants.count, bytes.count - 10])
    ]
  }()
}
