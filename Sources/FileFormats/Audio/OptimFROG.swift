// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// OptimFROG: chunks, of which the last one is not marked, and tags.
  ///
  ///     0 "OFR ", u32 size, 12 on; then HEAD, COMP, TAIL …: id, u32 size   (little-endian)
  ///
  /// - Source: MultimediaWiki, *OptimFROG*; files as found.
  package static let ofr = FileFormat(
    id: "ofr", name: "OptimFROG sound", category: .audio, extensions: ["ofr", "ofs"],
    validation: .size,
    signatures: [Signature("OFR ")], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let size = (try? bytes.little(UInt32.self, at: 4)).map({ Int(clamping: $0) }) else {
        return false
      }
      return (12...64).contains(size)
        && ["HEAD", "COMP"].contains { bytes.holds(Array($0.utf8), at: size + 8) }
    }
  ) { file in
    try Examination.walk("ofr", file) {
      var window = Window(file, span: 4096)
      var position: ByteOffset = 0
      var hasSound = false
      for _ in 0..<1_000_000 {
        let type = String(decoding: try file.readPrefix(at: position, count: 4), as: UTF8.self)
        guard ["OFR ", "HEAD", "COMP", "TAIL", "RECV"].contains(type) else { break }
        position =
          try position + 8 + ByteCount(UInt64(window.little(UInt32.self, at: position + 4)))
        guard position <= file.range.upperBound else { throw Truncated() }
        if type == "COMP" { hasSound = true }
      }
      guard hasSound else { throw Malformed("OptimFROG", "it holds no sound", at: position) }
      return try TrailingTags(in: file, after: position).examination(
        "ofr", "OptimFROG", and: [.payloadUnchecked])
    }
  }
}
