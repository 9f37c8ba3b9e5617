// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// JPEG 2000 pictures in boxes, also compound ones and films: the codestream in them is walked. They
  /// end with the last box that belongs there; a last box without size, with the codestream.
  ///
  /// - Source: ISO/IEC 15444-1:2019, annex I "JP2 file format syntax"; ISO/IEC 15444-2, annex M.
  package static let jp2 = FileFormat(
    id: "jp2", name: "JPEG 2000 picture", category: .photo,
    extensions: ["jp2", "jpx", "jpf", "jpm", "jph", "mj2", "mjp2"],
    otherCategories: [.video: ["mj2", "mjp2"]], validation: .structure,
    signatures: [
      Signature([0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A])
    ],
    maximumSize: 0x10_0000_0000
  ) { file in
    try Examination.walk("jp2", file) {
      var walk = PictureBoxWalk(file)
      var isWalked = true
      let known: Set<String> = [
        "ftyp", "rreq", "jp2h", "jp2c", "jp2i", "xml ", "uuid", "uinf", "asoc", "nlst", "free",
        "jpch", "jplh", "dtbl", "ftbl", "cref", "mdat", "moov", "drep", "gtso", "roid", "chck",
        "mp7b", "lbl ", "comp", "copt", "inst", "phdr", "pcol", "page", "mhdr", "sdat", "resc",
      ]
      try walk.follow(known) { file, box in
        guard box.type == "jp2c" else { return nil }
        let stream = try JPEG2000Stream(file, from: box.content, limit: box.end)
        isWalked = isWalked && stream.isUniform
        return stream.end
      }
      guard walk.count("jp2c") > 0 || walk.count("mdat") > 0 || walk.count("page") > 0 else {
        throw Malformed("JPEG 2000", "it holds no picture", at: walk.end)
      }
      isWalked = isWalked && walk.count("jp2c") > 0 && walk.count("mdat") == 0
      var result = Examination.whole(
        "jp2", "JPEG 2000", end: walk.end,
        and: isWalked ? HiddenRoom.anywhere(upTo: walk.end) : [.payloadUnchecked])
      walk.exif?.describe(&result)
      let types = ["jpx ": "jpx", "jpm ": "jpm", "jph ": "jph", "mjp2": "mj2"]
      result.type = types[walk.brand] ?? "jp2"
      return result
    }
  }

  /// A JPEG 2000 codestream by itself: marker segments and tile-parts up to its end marker.
  ///
  /// - Source: ISO/IEC 15444-1:2019, annex A "Codestream syntax".
  package static let j2k = FileFormat(
    id: "j2k", name: "JPEG 2000 codestream", category: .photo,
    extensions: ["j2k", "j2c", "jpc", "jhc"], validation: .structure,
    signatures: [Signature([0xFF, 0x4F, 0xFF, 0x51, 0x00])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let length = try? bytes.big(UInt16.self, at: 4),
        let components = try? bytes.big(UInt16.self, at: 40)
      else { return false }
      return components > 0 && UInt32(length) == 38 + 3 * UInt32(components)
    }
  ) { file in
    try Examination.walk("j2k", file) {
      let stream = try JPEG2000Stream(file, from: 0, limit: nil)
      return .whole(
        "j2k", "JPEG 2000", end: stream.end,
        and: (stream.hasEndMarker ? [] : [.endReasoned])
          + (stream.isUniform
            ? HiddenRoom.anywhere(upTo: stream.end) : [.payloadUnchecked]))
    }
  }
}
