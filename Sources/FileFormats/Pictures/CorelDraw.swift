// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Drawings of CorelDRAW 3 to X3: RIFF files. Later ones are ZIP archives.
  ///
  ///     0  RIFF   4  u32 size   8  CDR and a version, CMX1, or cdrd   12  chunks; the first is vrsn
  ///
  /// - Source: no specification; as the Document Liberation Project's `libcdr` reads it.
  package static let cdr = FileFormat(
    id: "cdr", name: "CorelDRAW drawing", category: .photo, extensions: ["cdr", "cdt", "cmx"],
    validation: .structure,
    signatures: [corelSignature("CDR"), corelSignature("CDT"), corelSignature("CMX")],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 4) else { return false }
      return size > 24 && RIFFChunk.resemblesFirst(bytes)
    }
  ) { file in
    try Examination.walk("cdr", file) {
      var window = Window(file, span: 4096)
      let size = ByteCount(UInt64(try window.little(UInt32.self, at: 4)))
      let end = try ByteOffset(8) + size
      var position: ByteOffset = 12
      var opaque: UInt64 = 0
      var ids = Set<String>()
      while try position + 8 <= end {
        let chunk = try RIFFChunk(&window, at: position)
        guard chunk.dataEnd <= end else {
          throw Malformed("CDR", "a chunk reaches beyond the whole", at: position)
        }
        // The whole is not longer than the medium, or this is no drawing.
        guard chunk.dataEnd <= file.range.upperBound else { throw Truncated() }
        if ids.count < 64 { ids.insert(chunk.id) }
        if chunk.size > 4096 { opaque &+= chunk.size.rawValue }
        position = chunk.end
      }
      guard ids.contains("vrsn") || ids.contains("cont") || ids.contains("LIST") else {
        throw Malformed("CDR", "none of its chunks stands in it", at: 0)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole(
        "cdr", "RIFF CDR", end: end, and: opaque > end.rawValue / 8 ? [.payloadUnchecked] : [])
      let form = try file.read(at: 8, count: 3)
      result.type = form == Array("CMX".utf8) ? "cmx" : form == Array("CDT".utf8) ? "cdt" : "cdr"
      return result
    }
  }

  private static func corelSignature(_ form: String) -> Signature {
    let any = [Signature.Element](repeating: .init(0, mask: 0), count: 4)
    return Signature(
      masked: "RIFF".utf8.map { Signature.Element($0) } + any
        + form.utf8.map { Signature.Element($0) })
  }
}
