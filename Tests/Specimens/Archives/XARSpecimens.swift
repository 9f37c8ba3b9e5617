// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

enum XARSpecimens {
  /// A zlib stream of one stored block.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var sum = Adler32()
    sum.update(bytes)
    let count = UInt16(bytes.count)
    return [0x78, 0x01, 1] + little(count) + little(~count) + bytes + big(sum.value)
  }

  static let all: [Specimen] = {
    let table = ascii(
      "<?xml version=\"1.0\"?><xar><toc><checksum style=\"sha1\"><offset>0</offset><size>20</size>"
        + "</checksum><creation-time>2020-01-02T03:04:05</creation-time><file id=\"1\">"
        + "<name>PackageInfo</name><data><length>700</length><offset>20</offset><size>1500</size>"
        + "</data></file></toc></xar>")
    let packed = stored(table)
    let head = ascii("xar!") + [0, 28, 0, 1] + big(UInt64(packed.count))
    return [
      Specimen(
        .xar, head + big(UInt64(table.count)) + big(UInt32(1)) + packed + junk(720), type: "pkg",
        date: Timestamp(year: 2020, month: 1, day: 2, hour: 3, minute: 4, second: 5),
        verdict: .probable, boundaries: [28, 28 + packed.count])
    ]
  }()
}
