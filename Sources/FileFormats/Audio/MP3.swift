// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// MPEG audio with its tags: ID3v2, then a chain of frames, then APE and ID3v1. Many encoders put a
  /// count of the frames and a checksum over them into the first one.
  ///
  /// - Source: ISO/IEC 11172-3:1993; M. Nilsson, *ID3 tag version 2.3.0* and *2.4.0*;
  ///   G. Bouvigne, *MP3 Info Tag rev 1 specifications*.
  package static let mp3 = FileFormat(
    id: "mp3", name: "MP3 sound", category: .audio, extensions: ["mp3", "mp2", "mpga"],
    validation: .checksums,
    signatures: ID3Tag.signatures
      + [
        0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2, 0xFD, 0xFC, 0xF5, 0xF4,
      ].map { Signature([0xFF, $0], alignment: 512) },
    maximumSize: 0x4000_0000,
    resembles: MP3Walk.resembles
  ) { file in
    try Examination.walk("mp3", file) {
      var walk = MP3Walk(file)
      return try walk.examination()
    }
  }
}
