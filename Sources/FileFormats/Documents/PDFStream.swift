// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// The data of a stream: where they end, and whether they are what they must be.
///
/// - Source: ISO 32000-1, §7.3.8 "Stream objects", §7.4 "Filters".
struct PDFStream {
  enum Finding {
    /// The data were decoded, or are text throughout.
    case sound
    /// Nothing tells the data from others.
    case opaque
    /// The data are not what they must be, but writers err there too.
    case doubtful
    /// The data stop being valid there.
    case broken(at: ByteOffset)
  }

  private static let endWord = Array("endstream".utf8)
  /// How far behind the data the word may stand that ends them.
  private static let endReach = 64
  private static let longestSearch: ByteCount = 0x400_0000
  /// Filters that leave text, and none at all.
  private static let textFilters = ["", "ASCII85Decode", "A85", "ASCIIHexDecode", "AHx"]
  private static let longestText: UInt64 = 0x100_0000

  let end: ByteOffset
  let finding: Finding
  let produced: UInt64

  /// - Parameters:
  ///   - start: where the data begin.
  ///   - length: what the dictionary states, where it does.
  ///   - limit: where the next object begins, at the latest.
  ///   - budget: how much may come out.
  init(
    in file: Source, at start: ByteOffset, _ dictionary: PDFDictionary, length: UInt64?,
    limit: ByteOffset, isEncrypted: Bool, budget: UInt64
  ) throws {
    let stated = length.flatMap { try? start + ByteCount($0) }
    var dataEnd: ByteOffset?
    if let stated, stated <= limit {
      dataEnd = try Self.endWord(in: file, near: stated) == nil ? nil : stated
    }
    let filter = dictionary.firstName("Filter")
    if !isEncrypted, filter == "FlateDecode" || filter == "Fl" {
      let data = try file.slice(start..<(dataEnd ?? limit))
      let inflated = try Inflation.inflate(data, from: 0, wrapper: .zlib, limit: budget)
      let reached = start.advancedClamped(by: inflated.consumed)
      produced = inflated.produced
      switch inflated.end {
      case .complete:
        finding = .sound
        dataEnd = dataEnd ?? reached
      case .tooLong, .notHandled: finding = .opaque
      case .truncated: finding = dataEnd == nil ? .broken(at: reached) : .doubtful
      case .corrupt:
        // A wrong checksum at the very end is the writer's fault.
        let isAtEnd = dataEnd.map { (reached..<max(reached, $0)).length < 16 } ?? false
        finding = isAtEnd ? .doubtful : .broken(at: reached)
      }
      end = try Self.end(in: file, after: dataEnd ?? start, limit: limit)
      return
    }
    produced = 0
    let stop =
      try dataEnd.flatMap { try Self.endWord(in: file, near: $0) }
      ?? Self.end(in: file, after: start, limit: limit)
    end = stop
    let isPicture = !isEncrypted && (filter == "DCTDecode" || filter == "DCT")
    let data = start..<max(start, dataEnd ?? stop)
    let picture = isPicture ? try FileFormat.jpeg.examine(file.slice(data)) : nil
    let isPlain = !isEncrypted && Self.textFilters.contains(filter ?? "")
    let text = isPlain ? try Self.text(file, data) : nil
    if let length, dataEnd == nil, !Self.mayBe(text, length) {
      // The data are longer or shorter than they should be: something stands in their middle.
      finding = .broken(at: start.advancedClamped(by: picture?.length ?? 0))
    } else if let picture {
      finding = picture.end == .complete ? .sound : .doubtful
    } else {
      finding = text == nil ? .opaque : .sound
    }
  }

  /// Behind the word `endstream` where it stands at a place or little behind.
  private static func endWord(in file: Source, near place: ByteOffset) throws -> ByteOffset? {
    let bytes = try file.readPrefix(at: place, count: ByteCount(clamping: endReach))
    guard let found = bytes.firstIndex(of: endWord) else { return nil }
    return place.advancedClamped(by: ByteCount(clamping: found + endWord.count))
  }

  /// Behind the next word `endstream`.
  ///
  /// Throws `Malformed` where there is none.
  private static func end(in file: Source, after place: ByteOffset, limit: ByteOffset) throws
    -> ByteOffset
  {
    var position = place
    let last = min(limit, place.advancedClamped(by: longestSearch))
    while position < last {
      let next = min(position.advancedClamped(by: 0x4_0000), last)
      var found: Int?
      try file.withBytes(in: position..<next) { found = $0.firstIndex(of: endWord) }
      if let found {
        return position.advancedClamped(by: ByteCount(clamping: found + endWord.count))
      }
      if next == last { break }
      // The word may stand across two pieces.
      position = ByteOffset(next.rawValue &- UInt64(clamping: endWord.count))
    }
    throw Malformed("PDF", "a stream does not end", at: place)
  }

  /// The bytes of a range where no control characters stand in it, but for blanks.
  private static func text(_ file: Source, _ range: Range<ByteOffset>) throws -> [UInt8]? {
    guard range.length.rawValue <= longestText else { return nil }
    let bytes = try file.read(at: range.lowerBound, count: range.length)
    return bytes.allSatisfy { $0 >= 0x20 || (9...13).contains($0) } ? bytes : nil
  }

  /// Whether a text was as long before its line ends were converted.
  private static func mayBe(_ text: [UInt8]?, _ length: UInt64) -> Bool {
    guard let text else { return false }
    let lines = text.count { $0 == 0x0A }
    return abs(Int(clamping: length) - text.count) <= lines + 4
  }
}
