// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Matroska and WebM: an EBML header that names the document type, then one segment of elements.
  ///
  ///     1A 45 DF A3 size  header: 42 82 size "matroska" or "webm"
  ///     18 53 80 67 size  segment: seek head, info, tracks, clusters of blocks, cues, tags …
  ///
  /// - Source: RFC 9559, *Matroska Media Container Format Specification*; WebM Project, *WebM
  ///   Container Guidelines*.
  package static let matroska = FileFormat(
    id: "mkv", name: "Matroska video", category: .video,
    extensions: ["mkv", "webm", "mka", "mks", "mk3d"], otherCategories: [.audio: ["mka"]],
    validation: .checksums, signatures: [Signature([0x1A, 0x45, 0xDF, 0xA3])],
    maximumSize: 0x20_0000_0000,
    resembles: { bytes in
      // The header has a few small elements; the document type is one of them.
      for offset in 5..<96 where bytes.holds([0x42, 0x82], at: offset) {
        return bytes.holds(Array("matroska".utf8), at: offset + 3)
          || bytes.holds(Array("webm".utf8), at: offset + 3)
      }
      return false
    }
  ) { file in
    var walk = MatroskaWalk(file)
    var result = try Examination.walk("mkv", file) { try walk.examination() }
    result.type = walk.type
    return result
  }
}
