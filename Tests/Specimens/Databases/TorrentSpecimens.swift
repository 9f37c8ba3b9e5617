// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum TorrentSpecimens {
  static let all: [Specimen] = {
    let head = ascii("d8:announce18:http://example.org13:creation datei1700000000e")
    let info = ascii("4:infod6:lengthi400000e4:name9:linux.iso12:piece lengthi16384e6:pieces500:")
    let files = ascii(
      "4:infod5:filesld6:lengthi9e4:pathl1:a1:beee4:name3:set12:piece lengthi16384e")
    let date = Timestamp(seconds: 1_700_000_000)
    return [
      Specimen(
        .torrent, head + info + junk(500) + ascii("ee"), name: "linux.iso", date: date,
        verdict: .intact, boundaries: [1, 11]),
      Specimen(
        .torrent,
        ascii("d10:created by2:uT") + files + ascii("6:pieces20:") + junk(20) + ascii("ee"),
        label: "several files", name: "set", verdict: .intact),
    ]
  }()
}
