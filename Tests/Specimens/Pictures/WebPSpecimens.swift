// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum WebPSpecimens {
  private static func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
    ascii(id) + little(UInt32(data.count)) + data + zeros(data.count % 2)
  }

  static let all: [Specimen] = {
    let frame: [UInt8] = [0x10, 0x02, 0, 0x9D, 0x01, 0x2A, 16, 0, 16, 0]
    let bytes = chunk("RIFF", ascii("WEBP") + chunk("VP8 ", frame + junk(700)))
    return [Specimen(.webp, bytes, verdict: .probable, boundaries: [12, 20])]
  }()
}
