// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum ParquetSpecimens {
  /// A field of Thrift's compact protocol: an integer, one number above the last.
  private static func integer(_ value: Int) -> [UInt8] {
    var (rest, bytes) = (UInt(value << 1), [UInt8(0x15)])
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func page(_ size: Int) -> [UInt8] {
    let values = integer(40) + integer(0) + integer(3) + integer(3) + [0]
    return integer(0) + integer(size) + integer(size) + [0x2C] + values + [0] + junk(size)
  }

  static let all: [Specimen] = {
    let pages = ascii("PAR1") + page(400) + page(700)
    let schema: [UInt8] = [0x19, 0x1C, 0x48, 6] + ascii("schema") + [0]
    let metadata = integer(1) + schema + [0x16, 80, 0x19, 0x0C, 0]
    return [
      Specimen(
        .parquet, pages + metadata + little(UInt32(metadata.count)) + ascii("PAR1"),
        verdict: .probable, boundaries: [4, 421, pages.count])
    ]
  }()
}
