// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum UnixArchiveSpecimens {
  private static func member(_ name: String, _ data: [UInt8]) -> [UInt8] {
    func field(_ text: String, _ count: Int) -> [UInt8] {
      ascii(text) + [UInt8](repeating: 0x20, count: count - text.utf8.count)
    }
    let owner = field("0", 6) + field("0", 6) + field("100644", 8)
    let head = field(name, 16) + field("1700000000", 12) + owner + field("\(data.count)", 10)
    return head + [0x60, 0x0A] + data + [UInt8](repeating: 0x0A, count: data.count % 2)
  }

  static let all: [Specimen] = {
    let magic = ascii("!<arch>\n")
    let package =
      magic + member("debian-binary", ascii("2.0\n")) + member("control.tar.xz", junk(333))
      + member("data.tar.xz", junk(900))
    let date = Timestamp(seconds: 1_700_000_000)
    return [
      Specimen(
        .unixArchive, package, label: "Debian package", type: "deb", date: date,
        verdict: .probable, boundaries: [8, 68, 72, 132, 466]),
      Specimen(
        .unixArchive, magic + member("/", junk(100)) + member("a.o/", junk(701)), type: "a",
        verdict: .probable),
      Specimen(
        .unixArchive,
        magic + member("/", junk(50)) + member("/", junk(60)) + member("b/", junk(90)),
        label: "Microsoft's", type: "lib", verdict: .probable),
    ]
  }()
}
