// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats

enum PAR2Specimens {
  private static func packet(_ type: String, _ body: [UInt8]) -> [UInt8] {
    let rest = junk(16, seed: 9) + ascii("PAR 2.0\0") + ascii(type, padTo: 8) + body
    return ascii("PAR2\0PKT") + little(UInt64(32 + rest.count)) + MessageDigest.hash(rest, .md5)
      + rest
  }

  static let all: [Specimen] = {
    let description = junk(48) + little(UInt64(5000)) + ascii("film.rar", padTo: 12)
    let bytes =
      packet("Main", junk(28)) + packet("RecvSlic", junk(900)) + packet("FileDesc", description)
      + packet("Creator", ascii("par2cmdline.", padTo: 16))
    return [
      Specimen(
        .par2, bytes, name: "film.rar", verdict: .verified, boundaries: [64, 92, 156, 1056],
        covered: [8..<bytes.count], endsAlone: false)
    ]
  }()
}
