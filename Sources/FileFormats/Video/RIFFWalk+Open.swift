// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

extension RIFFWalk {
  /// A movie whose sizes were never written, since the recording was cut short: it ends with its
  /// last chunk.
  mutating func openVideo() throws -> Examination {
    var position: ByteOffset = 12
    while let chunk = try openChunk(at: position) {
      let isOpen = chunk.size == 0 || chunk.size == ByteCount(Self.open)
      if chunk.id == "LIST", isOpen, try window.holds(Array("movi".utf8), at: chunk.data) {
        seen.insert("movi")
        position = try openMovie(from: chunk.data + 4)
      } else {
        guard chunk.size > 0, chunk.dataEnd <= file.range.upperBound else { break }
        try takeVideo(chunk)
        position = chunk.end
      }
    }
    try require("hdrl", "movi", at: position)
    let whole = try complete(at: position, "RIFF AVI")
    var result = try Examination.chain("avi", "RIFF AVI", in: file, end: position)
    (result.name, result.date) = (whole.name, whole.date)
    return result
  }

  /// A chunk that may stand at the top of a movie; nil for anything else.
  private mutating func openChunk(at position: ByteOffset) throws -> RIFFChunk? {
    guard seen.count < 64, let chunk = try attempt({ try RIFFChunk(&window, at: position) }),
      ["LIST", "JUNK", "idx1", "IDIT"].contains(chunk.id)
    else { return nil }
    return chunk
  }

  /// Walks the chunks of a movie list without a size, and returns where they end.
  private mutating func openMovie(from start: ByteOffset) throws -> ByteOffset {
    var position = start
    for _ in 0..<Self.mostChunks {
      guard let chunk = try attempt({ try RIFFChunk(&window, at: position) }),
        Self.isStream(chunk.id)
      else {
        break
      }
      guard chunk.dataEnd <= file.range.upperBound else { throw Truncated() }
      position = chunk.end
    }
    return position
  }

  /// Whether this is the name of a chunk of sound, pictures or text: two digits and a kind.
  private static func isStream(_ id: String) -> Bool {
    let number = id.utf8.prefix(2)
    return number.allSatisfy { (0x30...0x39).contains($0) }
      && ["dc", "db", "wb", "tx", "pc", "sb"].contains(id.suffix(2))
  }
}
