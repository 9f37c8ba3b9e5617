// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import FileFormats
import SignatureScan
import Volumes

/// What the pass looks for, and the numbers under which the case keeps what it met.
struct MarkTable: Sendable {
  /// Kinds of marks from here on are landmarks; below, formats by their place in the catalogue.
  static let firstLandmark: UInt16 = 1000

  private struct Entry: Sendable {
    let kind: UInt16
    let resembles: @Sendable (RawSpan) -> Bool
  }

  private let entries: [Entry]
  private let table: SignatureTable

  /// How much of the next chunk a worker needs to see the file starts at the end of its own:
  /// the longest signature, and what a format compares on a hit.
  static let overlap: ByteCount = 0x1_0000

  /// In one chunk, so many marks of one format at most begin no sector: real files seldom do, and a
  /// disk full of headers must not keep us for days.
  private static let mostUnaligned = 1024

  /// - Parameter more: formats beside those of the catalogue.
  init(more: [FileFormat] = []) {
    var entries: [Entry] = []
    var signatures: [Signature] = []
    for (index, format) in (FileFormat.all + more).enumerated() {
      for signature in format.signatures {
        signatures.append(signature)
        entries.append(Entry(kind: UInt16(clamping: index), resembles: format.resembles))
      }
    }
    for landmark in LandmarkSignatures.all {
      let kind = Self.firstLandmark + UInt16(landmark.kind.rawValue)
      for signature in landmark.signatures {
        signatures.append(signature)
        entries.append(Entry(kind: kind, resembles: landmark.resembles))
      }
    }
    self.entries = entries
    table = SignatureTable(signatures)
  }

  /// The marks whose files or structures start in the first `length` bytes of `bytes`, and how many
  /// hits were passed over; `blanks` hold zeros alone.
  func marks(
    in bytes: RawSpan, at base: ByteOffset, startingWithin length: Int,
    skipping blanks: [Range<Int>], scratch hits: inout [SignatureHit]
  ) -> (marks: [Mark], passedOver: Int) {
    hits.removeAll(keepingCapacity: true)
    table.scan(bytes, at: base.rawValue, skipping: blanks, into: &hits)
    var marks: [Mark] = []
    var unaligned: [UInt16: Int] = [:]
    var passedOver = 0
    for hit in hits where hit.position >= 0 && hit.position < length {
      let entry = entries[hit.signature]
      let rest = bytes.extracting(hit.position..<bytes.byteCount)
      guard entry.resembles(rest) else { continue }
      let offset = base.advancedClamped(by: ByteCount(clamping: hit.position))
      let mark = Mark(kind: entry.kind, offset: offset)
      guard marks.last != mark else { continue }
      if offset.rawValue % 512 != 0 {
        unaligned[entry.kind, default: 0] += 1
        guard unaligned[entry.kind, default: 0] <= Self.mostUnaligned else {
          passedOver += 1
          continue
        }
      }
      marks.append(mark)
    }
    return (marks, passedOver)
  }

  /// The format that a mark's kind stands for.
  ///
  /// - Parameter more: the formats beside those of the catalogue, as in `init`.
  static func format(_ kind: UInt16, more: [FileFormat]) -> FileFormat? {
    let index = Int(kind)
    if FileFormat.all.indices.contains(index) { return FileFormat.all[index] }
    let rest = index - FileFormat.all.count
    return more.indices.contains(rest) ? more[rest] : nil
  }

  /// The landmark that a mark stands for.
  static func landmark(_ mark: Mark) -> Landmark? {
    guard mark.kind >= firstLandmark,
      let raw = UInt8(exactly: mark.kind - firstLandmark),
      let kind = Landmark.Kind(rawValue: raw)
    else { return nil }
    return Landmark(kind, at: mark.offset)
  }
}
