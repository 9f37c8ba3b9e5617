// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// What happened since the mapfile was last written, a line for each mark.
///
/// | Field    | Form                                                        |
/// |----------|-------------------------------------------------------------|
/// | position | hexadecimal, bytes                                          |
/// | size     | hexadecimal, bytes                                          |
/// | status   | as in the mapfile: `?`, `*`, `/`, `-`, `+`                  |
/// | checksum | CRC-32 of what stands before it, eight hexadecimal digits   |
///
/// Replaying all lines over the map changes nothing that they led to before, so a journal that is
/// older than its map does no harm. What follows the first broken line was never whole.
package enum Journal {
  /// Where the journal of a mapfile lies.
  package static func path(_ mapPath: String) -> String { mapPath + ".journal" }

  /// The marks of the journal beside a mapfile, in order; none where there is no journal.
  package static func marks(beside mapPath: String) -> [Mapfile.Block] {
    var marks: [Mapfile.Block] = []
    _ = TextLines.each(of: path(mapPath)) { line, _ in
      guard let mark = mark(line) else { return false }
      marks.append(mark)
      return true
    }
    return marks
  }

  /// A mark as a line, with its end.
  package static func line(_ mark: Mapfile.Block) -> String {
    let start = String(mark.range.lowerBound.rawValue, radix: 16)
    let size = String(mark.range.length.rawValue, radix: 16)
    let text = "\(start) \(size) \(Character(Unicode.Scalar(mark.status.rawValue))) "
    return text + checksum(text) + "\n"
  }

  /// The mark of a line without its end; nil where the line is broken.
  package static func mark(_ line: ArraySlice<UInt8>) -> Mapfile.Block? {
    let fields = line.split(separator: 0x20)
    guard fields.count == 4, let start = number(fields[0]), let size = number(fields[1]),
      fields[2].count == 1, let status = fields[2].first.flatMap(Mapfile.Status.init(rawValue:)),
      String(decoding: fields[3], as: UTF8.self)
        == checksum(String(decoding: line[..<fields[3].startIndex], as: UTF8.self)),
      let end = try? ByteOffset(start) + ByteCount(size)
    else { return nil }
    return Mapfile.Block(ByteOffset(start)..<end, status)
  }

  private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    UInt64(String(decoding: field, as: UTF8.self), radix: 16)
  }

  private static func checksum(_ text: String) -> String {
    var crc = CRC32()
    crc.update(Array(text.utf8))
    let digits = String(crc.value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
