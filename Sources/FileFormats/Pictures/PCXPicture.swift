// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// One PCX picture, followed row by row.
struct PCXPicture {
  let end: ByteOffset
  let evidence: [Evidence]

  /// The places in a DCX list.
  static func places(_ file: Source) throws -> [UInt32] {
    let list = try file.readPrefix(at: 4, count: 4096)
    var places: [UInt32] = []
    for index in 0..<1024 {
      let place = try list.little(UInt32.self, at: 4 * index)
      if place == 0 { break }
      guard place >= 12 else { throw Malformed("DCX", "a picture inside the list", at: 4) }
      places.append(place)
    }
    guard !places.isEmpty else { throw Malformed("DCX", "it lists no picture", at: 4) }
    return places
  }

  /// Rows end where runs end, as the specification demands; some writers let runs cross, which is
  /// believed where a palette stands at the end, or from the first rows on.
  static func follow(_ file: Source, from start: ByteOffset) throws -> PCXPicture {
    let header = try PCXHeader(parsing: file.read(at: start, count: 128))
    var window = Window(file)
    var position = try start + 128
    var crossing: ByteOffset?
    let row = Int(clamping: header.rowLength &* header.planes)
    // What a run has too much for its row counts for the next.
    var left = 0
    for index in 0..<header.height {
      left &+= row
      while left > 0 {
        let lead = try window.byte(at: position)
        let count = lead >= 0xC0 ? Int(lead & 0x3F) : 1
        guard count > 0 else { throw Malformed("PCX", "a run of nothing", at: position) }
        position = try position + (lead >= 0xC0 ? 2 : 1)
        left &-= count
        guard left < 0 else { continue }
        guard index &+ 1 < header.height, crossing != nil || index < 16 || header.hasPalette else {
          throw Malformed("PCX", "a run leaves its row", at: position)
        }
        crossing = crossing ?? position
      }
    }
    // A run of two bytes whose value is missing ends in the middle of nothing.
    guard position <= file.range.upperBound else { throw Truncated() }
    // Text and plain rows end with a row whatever they are: a palette in its place is a proof.
    var evidence: [Evidence] = [.payloadUnchecked]
    if header.hasPalette {
      guard position < file.range.upperBound else { throw Truncated() }
      // Some writers fill up to an even place first.
      if try window.holds([0, 0x0C], at: position) { position = try position + 1 }
      if try window.byte(at: position) == 0x0C {
        position = try position + 769
        guard position <= file.range.upperBound else { throw Truncated() }
        if crossing == nil { evidence = [.decoded("PCX")] }
      } else if let crossing {
        throw Malformed("PCX", "a run leaves its row", at: crossing)
      } else {
        evidence.append(.endReasoned)
      }
    } else {
      if crossing != nil { evidence.append(.endReasoned) }
      if try hasEmptyPalette(file, at: position) { position = try position + 769 }
    }
    return PCXPicture(end: position, evidence: evidence)
  }

  /// Whether a palette of nothing but zeros stands behind a picture that needs none: some writers
  /// put it there.
  private static func hasEmptyPalette(_ file: Source, at position: ByteOffset) throws -> Bool {
    let bytes = try file.readPrefix(at: position, count: 769)
    return bytes.count == 769 && bytes.first == 0x0C && bytes.dropFirst().allSatisfy { $0 == 0 }
  }
}
