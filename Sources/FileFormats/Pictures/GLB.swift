// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// glTF scenes in one binary file: a text that describes them, then the data.
  ///
  ///     0  glTF   4  u32 version   8  u32 length of the file
  ///     version 2: chunks, each u32 size, type, data; JSON first, then BIN
  ///     version 1: u32 size of the text, u32 0, text, data
  ///
  /// - Source: Khronos, *glTF 2.0 Specification*, §4 "GLB File Format Specification".
  package static let glb = FileFormat(
    id: "glb", name: "glTF scene", category: .photo, extensions: ["glb", "vrm"],
    validation: .structure,
    signatures: [
      Signature([0x67, 0x6C, 0x54, 0x46, 2, 0, 0, 0]),
      Signature([0x67, 0x6C, 0x54, 0x46, 1, 0, 0, 0]),
    ],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      bytes.holds([2], at: 4)
        ? bytes.holds(Array("JSON{".utf8), at: 16) : bytes.holds([0, 0, 0, 0, 0x7B], at: 16)
    }
  ) { file in
    try Examination.walk("glb", file) {
      let head = try file.read(at: 0, count: 20)
      let end = ByteOffset(UInt64(try head.little(UInt32.self, at: 8)))
      guard try head.little(UInt32.self, at: 4) == 2 else {
        let text = try ByteOffset(20) + ByteCount(UInt64(head.little(UInt32.self, at: 12)))
        guard text <= end else { throw Malformed("GLB", "the text is longer than all") }
        guard end <= file.range.upperBound else { throw Truncated() }
        return .whole("glb", "GLB", end: end, and: [.payloadUnchecked])
      }
      var position: ByteOffset = 12
      var text: ByteOffset = 12
      while position < end {
        let kind = try file.read(at: position + 4, count: 4)
        let known = ["JSON", position > 12 ? "BIN\0" : "JSON"].map { Array($0.utf8) }
        guard known.contains(kind) || position > 12 && kind.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
        else { throw Malformed("GLB", "no chunk starts here", at: position) }
        let next = try position + 8 + ByteCount(UInt64(file.little(UInt32.self, at: position)))
        if position == 12 { text = next }
        position = next
      }
      guard position == end else {
        throw Malformed("GLB", "a chunk reaches beyond the end", at: text)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      // The text ends with its brace, but for blanks that fill it up.
      let tail = try file.read(at: text.moved(back: 4, notBefore: 20), count: 4)
      guard tail.last(where: { $0 != 0x20 }) == 0x7D else {
        throw Malformed("GLB", "the text does not end where it should", at: 20)
      }
      return .whole("glb", "GLB", end: end, and: [.payloadUnchecked])
    }
  }
}
