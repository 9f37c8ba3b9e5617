// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over an ISO media file's top boxes to its end, and the check of what they hold.
struct ISOMediaWalk {
  private static let mostBoxes = 2_000_000
  /// What may stand at the top; anything else is behind the file's end.
  private static let topTypes: Set<String> = [
    "ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "PICT", "udta", "uuid", "meta", "moof",
    "mfra", "sidx", "styp", "ssix", "prft", "emsg", "pdin", "sefd", "mpvd", "bloc", "thum", "junk",
    "CAME", "FIRM", "inst", "imda", "etyp", "gpsb", "ilst", "SA3D", "frea", "sent", "idat", "meco",
    "mere", "mini", "pssh", "ctab", "pict", "_htc", "slmt", "thm ", "ardt", "prrt", "udat", "beam",
    "IDIT", "gps0", "gsen", "gpsa", "gsea", "GPS ", "samn",
  ]

  private let file: Source
  private var window: Window
  private var media: [Range<ByteOffset>] = []
  private var movie: ISOBox?
  private var items: ISOBox?
  private var brand: String?
  private var brands: Set<String> = []
  private var fragments = ISOFragments()
  private var fragmentSamples: ISOFragmentSamples?
  /// The head of a box without an end of its own: the last one.
  private var openBox: ISOBox?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    let end = try walk()
    var result = try conclude(at: end)
    result.type = type
    // Pictures and sound stand there in parts of any content; only video is followed into its units.
    if result.end == .complete {
      result.evidence +=
        Self.opaque.contains(type) ? [.payloadUnchecked] : room.evidence(upTo: end)
    }
    return result
  }

  /// Walks the top boxes and returns where the last one ends.
  private mutating func walk() throws -> ByteOffset {
    var position: ByteOffset = 0
    for _ in 0..<Self.mostBoxes {
      guard position < file.range.upperBound, let box = try next(at: position) else { break }
      guard let end = box.end else {
        openBox = box
        break
      }
      guard end <= file.range.upperBound else {
        try checkCut(box, end: end)
        // Media data alone begin no file that anyone could use.
        guard brand != nil || movie != nil else {
          throw Malformed("ISO media", "it ends before its index", at: 0)
        }
        throw Truncated()
      }
      try take(box, end: end)
      position = end
    }
    return position
  }

  /// The box at `position`; nil where the file has come to its end.
  private mutating func next(at position: ByteOffset) throws -> ISOBox? {
    let isStarted = position > 0
    do {
      let box = try ISOBox(&window, at: position)
      guard Self.topTypes.contains(box.type) else { return nil }
      if isStarted, box.type == "ftyp" { return nil }
      // A box without an end cannot be told from zeros, except for the last one with media.
      if box.end == nil, box.type != "mdat" { return nil }
      return box
    } catch  where isStarted && !(error is ReadError) {
      return nil
    }
  }

  private mutating func take(_ box: ISOBox, end: ByteOffset) throws {
    switch box.type {
    case "ftyp": try takeBrands(box, end: end)
    case "moov" where movie == nil: movie = box
    case "meta" where items == nil: items = box
    case "moof":
      fragments.takeHead(box)
      if fragmentSamples == nil, let movie {
        fragmentSamples = try ISOFragmentSamples(&window, in: movie)
      }
    case "mfra": fragments.takeClosing()
    case "sidx": try fragments.takeIndex(&window, box, end: end)
    case "mdat", "uuid", "idat", "imda", "PICT":
      media.append(box.content..<end)
      guard box.type == "mdat" else { break }
      if let head = fragments.waiting {
        try fragmentSamples?.check(&window, head, in: box.content..<end)
      }
      fragments.takeData()
    default: break
    }
  }

  private mutating func takeBrands(_ box: ISOBox, end: ByteOffset) throws {
    let count = min(256, Int(clamping: (box.content..<end).length.rawValue))
    guard count >= 8 else { throw Malformed("ISO media", "no brand", at: box.start) }
    let bytes = try window.copy(at: box.content, count: count)
    brand = String(decoding: bytes[0..<4], as: UTF8.self)
    for index in stride(from: 8, through: count - 4, by: 4) {
      brands.insert(String(decoding: bytes[index..<(index + 4)], as: UTF8.self))
    }
  }

  /// A last box that reaches beyond the bytes is worth keeping where the index stood before it, or
  /// where most of it is there.
  private func checkCut(_ box: ISOBox, end: ByteOffset) throws {
    let missing = try end - file.range.upperBound
    guard movie != nil || items != nil || missing <= file.length else {
      throw Malformed("ISO media", "a box is longer than all that follows", at: box.start)
    }
  }

  /// The file that ends at `end`, with what speaks against it.
  ///
  /// - Parameter lastByte: the end of all that the tables name.
  private func result(at end: ByteOffset, lastByte: ByteOffset) throws -> Examination {
    let rest = try SectorRest(in: file, after: end)
    if openBox == nil, fragments.isStarted, !fragments.areComplete(at: end, rest) {
      // Fragments may go on behind a gap.
      return try .chain("mp4", "ISO media", in: file, end: end)
    }
    // Other data right behind may have cut a last box that nothing refers to, or fragments.
    let isDoubtful =
      openBox != nil || rest == .foreign && lastByte != end || rest != .zeros && media.isEmpty
    return .whole("mp4", "ISO media", end: end, and: isDoubtful ? [.endReasoned] : [])
  }

  /// Checks what the boxes hold against one another.
  private mutating func conclude(at end: ByteOffset) throws -> Examination {
    var end = end
    if let openBox { media.append(openBox.content..<file.range.upperBound) }
    var tables = ISOSampleTables(file, media: media)
    var items = ISOItems(file)
    do {
      if let movie { try tables.check(movie) }
    } catch let error as Malformed {
      throw Malformed("ISO media", error.problem, at: min(error.offset, end))
    }
    if let meta = self.items {
      try items.check(meta, end: openBox == nil ? end : file.range.upperBound)
    }
    if openBox != nil { end = max(tables.lastByte, items.lastByte) }
    guard movie != nil || self.items != nil || fragments.isStarted else {
      throw Malformed("ISO media", "it ends before its index", at: brand == nil ? 0 : end)
    }
    if openBox == nil { try fragments.check(end: end) }
    var result = try result(at: end, lastByte: max(tables.lastByte, items.lastByte))
    result.name = try movie.flatMap { try ISOTitle(&window, in: $0).text }
    result.date = tables.date
    takeRoom(checked: tables.checked, upTo: end)
    hasVideo = tables.hasVideo
    hasSound = tables.hasSound
    return result
  }

  /// All that samples were not checked in is room for foreign blocks.
  private mutating func takeRoom(checked: ByteCount, upTo end: ByteOffset) {
    let all = media.reduce(ByteCount(0)) { sum, part in
      let stop = min(part.upperBound, end)
      return part.lowerBound < stop ? sum.addingClamped((part.lowerBound..<stop).length) : sum
    }
    room.add(
      opaque: all.subtractingClamped(checked).subtractingClamped(fragmentSamples?.checked ?? 0))
  }

  private var room = HiddenRoom()
  private static let opaque: Set = ["heic", "heif", "avif", "cr3", "m4a", "m4b"]
  private var hasVideo = false
  private var hasSound = false

  /// The narrower type, by the main brand, then by the others, then by what the tracks hold.
  private var type: String {
    switch brand {
    case "heic", "heix", "heim", "heis", "hevc", "hevx": return "heic"
    case "avif", "avis": return "avif"
    case "crx ": return "cr3"
    case "qt  ", nil: return "mov"
    case "M4A ", "M4B ", "M4P ": return brand == "M4B " ? "m4b" : "m4a"
    case "M4V ", "M4VH", "M4VP": return "m4v"
    case "f4v ", "F4V ": return "f4v"
    case "3g2a", "3g2b", "3g2c": return "3g2"
    case "3gp4", "3gp5", "3gp6", "3gp7", "3ge6", "3gg6", "3gr6", "3gs6": return "3gp"
    case "mif1", "msf1", "miaf":
      return brands.contains("avif") ? "avif" : brands.contains("heic") ? "heic" : "heif"
    default: return hasSound && !hasVideo && brands.contains("M4A ") ? "m4a" : "mp4"
    }
  }

  /// A few comparisons on the first box: a brand and a small size, or a QuickTime box that another
  /// one follows.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    guard let size = try? bytes.big(UInt32.self, at: 0) else { return false }
    if bytes.holds(Array("ftyp".utf8), at: 4) {
      return (12...1024).contains(size) && size % 4 == 0 && isType(bytes, at: 8)
    }
    if bytes.holds(Array("moov".utf8), at: 4) {
      return size >= 116
        && ["mvhd", "cmov", "udta", "rmra"].contains { holdsType(bytes, $0, at: 12) }
    }
    if bytes.holds(Array("mdat".utf8), at: 4) { return size == 1 || size >= 1024 }
    return (8...0x1_0000).contains(size)
      && ["mdat", "moov", "free", "wide", "skip", "PICT"].contains {
        holdsType(bytes, $0, at: Int(size) + 4)
      }
  }

  private static func isType(_ bytes: RawSpan, at offset: Int) -> Bool {
    (offset..<(offset + 4)).allSatisfy { index in
      (try? bytes.little(UInt8.self, at: index)).map { (0x20...0x7E).contains($0) } ?? false
    }
  }

  private static func holdsType(_ bytes: RawSpan, _ type: String, at offset: Int) -> Bool {
    bytes.holds(Array(type.utf8), at: offset)
  }
}
