// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Animated cursors of Windows: a RIFF file of a header and a list of icons.
  ///
  /// - Source: Microsoft, *Multimedia Data Standards Update* (1994), "Animated cursors".
  package static let ani = FileFormat(
    id: "ani", name: "animated cursor", category: .photo, validation: .size,
    signatures: [
      Signature(
        masked: "RIFF".utf8.map { .init($0) }
          + [Signature.Element](repeating: .init(0, mask: 0), count: 4)
          + "ACON".utf8.map { .init($0) })
    ],
    maximumSize: 0x400_0000, resembles: RIFFChunk.resemblesFirst
  ) { file in
    try Examination.walk("ani", file) {
      var window = Window(file, span: 4096)
      let size = UInt64(try window.little(UInt32.self, at: 4))
      let end = ByteOffset(size &+ 8)
      var position: ByteOffset = 12
      var hasFrames = false
      while position < end {
        // Some writers count the head of the whole in its size.
        if position == ByteOffset(size), hasFrames { break }
        let chunk = try RIFFChunk(&window, at: position)
        guard chunk.dataEnd <= end else {
          throw Malformed("ANI", "a chunk leaves the file", at: position)
        }
        guard chunk.dataEnd <= file.range.upperBound else { throw Truncated() }
        if chunk.id == "LIST", try window.holds(Array("fram".utf8), at: chunk.data) {
          try checkFrames(&window, in: chunk)
          hasFrames = true
        }
        position = min(chunk.end, max(end, chunk.dataEnd))
      }
      guard hasFrames else { throw Malformed("ANI", "it holds no icon", at: position) }
      guard position <= file.range.upperBound else { throw Truncated() }
      return .whole("ani", "RIFF ACON", end: position, and: [.payloadUnchecked])
    }
  }

  /// Each frame must start as an icon or a cursor does.
  private static func checkFrames(_ window: inout Window, in list: RIFFChunk) throws {
    var position = list.data.advancedClamped(by: 4)
    while position < list.dataEnd {
      let chunk = try RIFFChunk(&window, at: position)
      guard chunk.id == "icon", chunk.dataEnd <= list.dataEnd else {
        throw Malformed("ANI", "no icon where one must stand", at: position)
      }
      position = chunk.end
    }
  }
}
