// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum JPEGXLSpecimens {
  private static func box(_ type: String, _ content: [UInt8], isOpen: Bool = false) -> [UInt8] {
    big(UInt32(isOpen ? 0 : content.count + 8)) + ascii(type) + content
  }

  private static let front: [UInt8] =
    box("JXL ", [0x0D, 0x0A, 0x87, 0x0A]) + box("ftyp", ascii("jxl ") + zeros(4) + ascii("jxl "))

  /// 64 by 64 pixels, everything else as usual; one frame of one section of 1500 bytes.
  private static let stream: [UInt8] = [0xFF, 0x0A, 0x4F, 0x06, 0x01, 0x71, 0x07] + junk(1500)

  static let all: [Specimen] = [
    Specimen(
      .jxl, front + box("jxlc", stream) + box("xml ", ascii("<a/>")), verdict: .probable,
      boundaries: [12, 32, 40, 40 + stream.count]),
    Specimen(
      .jxl, front + box("jxlc", stream, isOpen: true), label: "open box", verdict: .probable,
      boundaries: [12, 32, 40]),
    Specimen(.jxl, stream, label: "codestream", verdict: .probable, boundaries: [2, 4, 7]),
  ]
}
