// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// JPEG XL pictures in boxes. They end with the last box that belongs there.
  ///
  /// - Source: ISO/IEC 18181-2:2024, §4 "Box types".
  package static let jxl = FileFormat(
    id: "jxl", name: "JPEG XL picture", category: .photo, validation: .size,
    signatures: [
      Signature([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A])
    ],
    maximumSize: 0x1_0000_0000
  ) { file in
    try Examination.walk("jxl", file) {
      var walk = PictureBoxWalk(file)
      let known: Set<String> = [
        "ftyp", "jxlc", "jxlp", "jxll", "jxli", "jbrd", "jhgm", "Exif", "xml ", "jumb", "brob",
        "uuid", "free", "skip",
      ]
      try walk.follow(known) { file, box in
        let skip: ByteCount = box.type == "jxlp" ? 4 : 0
        if box.type == "jxlc",
          try file.readPrefix(at: box.content + skip, count: 2) != [0xFF, 0x0A]
        {
          throw Malformed("JPEG XL", "no codestream starts here", at: box.content)
        }
        return nil
      }
      guard walk.count("jxlc") + walk.count("jxlp") > 0 else {
        throw Malformed("JPEG XL", "it holds no picture", at: walk.end)
      }
      var result = Examination.whole("jxl", "JPEG XL", end: walk.end, and: [.payloadUnchecked])
      walk.exif?.describe(&result)
      return result
    }
  }
}
