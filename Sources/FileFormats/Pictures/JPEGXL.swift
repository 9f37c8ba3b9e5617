// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// JPEG XL pictures, in boxes or as a codestream by itself. The boxes end with the last one that belongs
  /// there. The mark of a codestream is two bytes and nothing ends it, so one is believed where the
  /// headers of all its frames hold, whose sizes tell the end, and zeros fill its last sector.
  ///
  /// - Source: ISO/IEC 18181-2:2024, §4 "Box types"; ISO/IEC 18181-1:2024, annexes B, D and F.
  package static let jxl = FileFormat(
    id: "jxl", name: "JPEG XL picture", category: .photo, validation: .size,
    signatures: [
      Signature([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
      Signature([0xFF, 0x0A], alignment: 512),
    ],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      bytes.holds([0], at: 0) || JPEGXLStream.resembles(bytes)
    }
  ) { file in
    if try file.readPrefix(at: 0, count: 1) == [0] {
      return try Examination.walk("jxl", file) { try boxed(file) }
    }
    return try Examination.weakWalk(file) {
      let end = try JPEGXLStream.end(file, from: 0)
      let rest = ByteCount((512 - end.rawValue % 512) % 512)
      guard try file.readPrefix(at: end, count: rest).allSatisfy({ $0 == 0 }) else {
        throw Malformed("JPEG XL", "its last sector goes on")
      }
      return .whole("jxl", "JPEG XL", end: end, and: [.payloadUnchecked])
    }
  }

  private static func boxed(_ file: Source) throws -> Examination {
    var walk = PictureBoxWalk(file)
    let known: Set<String> = [
      "ftyp", "jxlc", "jxlp", "jxll", "jxli", "jbrd", "jhgm", "Exif", "xml ", "jumb", "brob",
      "uuid", "free", "skip",
    ]
    try walk.follow(known) { file, box in
      guard box.type == "jxlc" else { return nil }
      guard try file.readPrefix(at: box.content, count: 2) == [0xFF, 0x0A] else {
        throw Malformed("JPEG XL", "no codestream starts here", at: box.content)
      }
      // A box without size ends where the codestream does.
      return box.end == nil ? try JPEGXLStream.end(file, from: box.content) : nil
    }
    guard walk.count("jxlc") + walk.count("jxlp") > 0 else {
      throw Malformed("JPEG XL", "it holds no picture", at: walk.end)
    }
    var result = Examination.whole("jxl", "JPEG XL", end: walk.end, and: [.payloadUnchecked])
    walk.exif?.describe(&result)
    return result
  }
}
