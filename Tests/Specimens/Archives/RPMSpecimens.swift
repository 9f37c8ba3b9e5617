// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

enum RPMSpecimens {
  /// A header of these tags, each with its type and value.
  private static func header(_ tags: [(UInt32, UInt32, [UInt8])]) -> [UInt8] {
    var (entries, data): ([UInt8], [UInt8]) = ([], [])
    for (tag, type, value) in tags {
      if type == 4 { data += zeros((4 - data.count % 4) % 4) }
      let count = type == 7 ? UInt32(value.count) : 1
      entries += big(tag) + big(type) + big(UInt32(data.count)) + big(count)
      data += value
    }
    return [0x8E, 0xAD, 0xE8, 1, 0, 0, 0, 0] + big(UInt32(tags.count)) + big(UInt32(data.count))
      + entries + data
  }

  private static let lead: [UInt8] =
    [0xED, 0xAB, 0xEE, 0xDB, 3, 0, 0, 0, 0, 1] + ascii("hello-1.0-1", padTo: 66) + [0, 1, 0, 5]
    + zeros(16)

  private static func package(_ tags: [(UInt32, UInt32, [UInt8])], digest: Bool) -> [UInt8] {
    let payload = [0x1F, 0x8B] + junk(900)
    let rest = header(tags) + payload
    let signature = header(
      [(1000, 4, big(UInt32(rest.count)))]
        + (digest ? [(1004, 7, MessageDigest.hash(rest, .md5))] : []))
    return lead + signature + zeros((8 - signature.count % 8) % 8) + rest
  }

  static let all: [Specimen] = {
    let tags: [(UInt32, UInt32, [UInt8])] = [
      (1000, 6, ascii("hello\0")), (1001, 6, ascii("1.0\0")), (1002, 6, ascii("1.fc39\0")),
      (1006, 4, big(UInt32(1_700_000_000))), (1022, 6, ascii("x86_64\0")),
    ]
    let date = Timestamp(seconds: 1_700_000_000)
    let bytes = package(tags, digest: true)
    let plain = package(tags, digest: false)
    return [
      Specimen(
        .rpm, bytes, name: "hello-1.0-1.fc39.x86_64", date: date, verdict: .verified,
        boundaries: [96, 112, 168, bytes.count - 902], covered: [168..<bytes.count]),
      Specimen(.rpm, plain, label: "without checksum", date: date, verdict: .probable),
    ]
  }()
}
