// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings

/// The walk over a TIFF file's directories: every value, strip, tile and inner picture that they
/// name must lie in the file, and the last of them ends it.
struct TIFFWalk {
  private static let mostDirectories = 1024
  private static let mostNumbers = 4_000_000
  /// The most that a part may inflate to.
  private static let mostInflated: UInt64 = 0x1000_0000
  /// The longest stretch that nothing names: makers keep data there that only they know of.
  private static let longestGap: ByteCount = 0x100_0000
  /// A longer part of a raw picture may hold a foreign block that nobody notices.
  private static let longestChecked: ByteCount = 4096
  private static let makers = [
    ("NIKON", "nef"), ("SONY", "arw"), ("PENTAX", "pef"), ("SAMSUNG", "srw"), ("EPSON", "erf"),
    ("SEIKO EPSON", "erf"), ("HASSELBLAD", "3fr"), ("MAMIYA", "mef"), ("EASTMAN KODAK", "dcr"),
    ("KODAK", "dcr"),
  ]
  /// Tags whose numbers are the places of further directories.
  private static let links: [UInt16] = [0x014A, 0x8769, 0x8825, 0xA005]
  /// Tags of places, with the tags of the lengths there: strips, tiles, pictures, free space.
  private static let parts: [(place: UInt16, length: UInt16)] = [
    (0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202), (0x0120, 0x0121),
  ]
  private static let rawOffset: UInt16 = 0x0118

  private let file: Source
  private let reader: TIFFReader
  /// Everything that the directories name.
  private var named: [Range<ByteOffset>] = []
  private var room = HiddenRoom()
  private var numbers = 0
  private var visited = Set<ByteOffset>()
  private var pending: [ByteOffset]
  private var hasPicture = false
  private var children: [Examination.Child] = []
  /// A part that is not what it should be, while the rest is.
  private var damage: Malformed?

  init(_ file: Source) throws {
    self.file = file
    reader = try TIFFReader(file)
    named = [0..<(reader.isBig ? 16 : 8)]
    pending = [reader.first]
  }

  /// What breaks before any picture was named breaks at the header: the directory that it names may
  /// be anywhere, and so says nothing about the bytes between.
  mutating func examination() throws -> Examination {
    do {
      return try followed()
    } catch let error as Malformed where !hasPicture {
      throw Malformed("TIFF", error.problem, at: 8)
    } catch is Truncated where !hasPicture {
      throw Malformed("TIFF", "its directories lie beyond its bytes", at: 8)
    } catch let error as Malformed {
      let end = try gapless()
      throw Malformed("TIFF", error.problem, at: min(error.offset, end))
    }
  }

  private mutating func followed() throws -> Examination {
    let main = try TIFFDirectory(reader, at: reader.first)
    while let place = pending.popLast(), visited.count < Self.mostDirectories {
      guard visited.insert(place).inserted else { continue }
      let start = try aligned(place)
      try take(TIFFDirectory(reader, at: start), at: start)
    }
    guard hasPicture else {
      throw Malformed("TIFF", "its directories name no picture", at: reader.first)
    }
    let end = try filled(gapless(), main)
    guard end <= file.range.upperBound else { throw Truncated() }
    var result =
      damage.map {
        .damaged(at: $0.offset, end: end, problem: $0.problem, evidence: [.headerMatched("tif")])
      } ?? Examination.whole("tif", "TIFF", end: end)
    EXIF(reader, main).describe(&result)
    result.children = children
    result.type = type(main)
    // The sensor's data have no marks of their own.
    if result.type != "tif", named.contains(where: { $0.length > Self.longestChecked }) {
      result.evidence.append(.payloadUnchecked)
    } else {
      result.evidence += room.evidence(upTo: end)
    }
    return result
  }

  /// Photoshop fills a file up to four bytes where the EXIF directory ends it.
  private func filled(_ end: ByteOffset, _ main: TIFFDirectory) throws -> ByteOffset {
    guard end.rawValue & 3 == 2, reader.text(main[0x0131])?.hasPrefix("Adobe Photoshop") == true,
      let place = try main[0x8769].flatMap({ try reader.numbers($0).first }),
      try TIFFDirectory(reader, at: ByteOffset(place)).end == end,
      try file.readPrefix(at: end, count: 2) == [0, 0]
    else { return end }
    return try end + 2
  }

  /// Directories begin at even places; some writers round up to one and name the odd one before it.
  private func aligned(_ place: ByteOffset) throws -> ByteOffset {
    guard place.rawValue & 1 == 1, (try? TIFFDirectory(reader, at: place)) == nil else {
      return place
    }
    return try place + 1
  }

  /// Where the last of what is named ends; a gap before it that is too long breaks the file there.
  private func gapless() throws(Malformed) -> ByteOffset {
    var end: ByteOffset = 0
    for range in named.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      guard range.lowerBound <= end.advancedClamped(by: Self.longestGap) else {
        throw Malformed("TIFF", "a part lies far behind the others", at: end)
      }
      end = max(end, range.upperBound)
    }
    return end
  }

  private mutating func take(_ directory: TIFFDirectory, at place: ByteOffset) throws {
    named.append(place..<directory.end)
    if directory.next > 0 { pending.append(directory.next) }
    for entry in directory.entries {
      guard let range = try? Range(at: entry.place, count: entry.length) else {
        throw Malformed("TIFF", "a value lies beyond any disk", at: place)
      }
      named.append(range)
      if Self.links.contains(entry.tag) {
        pending += try reader.numbers(entry).prefix(64).filter { $0 > 0 }.map { ByteOffset($0) }
      }
    }
    for part in Self.parts { try take(directory, place: part.place, length: part.length) }
    if reader.version == 0x55 { try takePanasonic(directory) }
  }

  private mutating func take(_ directory: TIFFDirectory, place: UInt16, length: UInt16) throws {
    guard let placeEntry = directory[place], let lengthEntry = directory[length] else { return }
    let places = try reader.numbers(placeEntry)
    let lengths = try reader.numbers(lengthEntry)
    numbers += places.count + lengths.count
    guard numbers < Self.mostNumbers else {
      throw Malformed("TIFF", "there are too many parts", at: placeEntry.place)
    }
    let isJPEG = try directory[0x0103].flatMap { try reader.numbers($0).first } == 7
    for (place, length) in zip(places, lengths) where length > 0 {
      let range = try Range(at: ByteOffset(place), count: ByteCount(length))
      named.append(range)
      guard range.upperBound <= file.range.upperBound else { continue }
      try check(range, tag: placeEntry.tag, isJPEG: isJPEG, directory)
    }
    // A thumbnail alone is no picture: that is what a lone EXIF block holds.
    let isMain = place == 0x0111 || place == 0x0144 || (place == 0x0201 && directory[0x0100] != nil)
    hasPicture = hasPicture || (isMain && !lengths.isEmpty)
  }

  /// Compressed parts start as their method starts; a picture inside is a child.
  private mutating func check(
    _ range: Range<ByteOffset>, tag: UInt16, isJPEG: Bool, _ directory: TIFFDirectory
  ) throws {
    let head = try file.readPrefix(at: range.lowerBound, count: min(4, range.length))
    let isPicture = head.holds([0xFF, 0xD8, 0xFF], at: 0)
    if tag == 0x0201, isPicture, children.count < 64 {
      children.append(.init(type: "jpg", range: range))
    }
    if isJPEG, tag != 0x0120, !head.holds([0xFF, 0xD8], at: 0) {
      note("a part is not the JPEG picture it should be", at: range.lowerBound)
    }
    guard let method = try directory[0x0103].flatMap({ try reader.numbers($0).first }),
      method == 8 || method == 32_946, tag == 0x0111 || tag == 0x0144
    else {
      room.add(opaque: range.length)
      return
    }
    let inflated = try Inflation.inflate(
      file, from: range.lowerBound, wrapper: .zlib, limit: Self.mostInflated)
    if inflated.end != .complete || inflated.consumed > range.length {
      note("a part does not inflate", at: range.lowerBound)
    }
  }

  /// Keeps the first of the parts that are not what they should be.
  private mutating func note(_ problem: String, at offset: ByteOffset) {
    if offset < damage?.offset ?? ByteOffset(.max) {
      damage = Malformed("TIFF", problem, at: offset)
    }
  }

  /// Panasonic's raw data start where a tag of its own says; their length is that of the strip, or
  /// follows from the sensor's size.
  private mutating func takePanasonic(_ directory: TIFFDirectory) throws {
    guard let start = try directory[Self.rawOffset].flatMap({ try reader.numbers($0).first }),
      let length = try directory[0x0117].flatMap({ try reader.numbers($0).first }), length > 0
    else { return }
    named.append(try Range(at: ByteOffset(start), count: ByteCount(length)))
    hasPicture = true
  }

  private func type(_ main: TIFFDirectory) -> String {
    if main[0xC612] != nil { return "dng" }
    if reader.version == 0x55 {
      return (reader.text(main[0x010F]) ?? "").uppercased().hasPrefix("LEICA") ? "rwl" : "rw2"
    }
    if reader.version == 0x4F52 || reader.version == 0x5352 { return "orf" }
    if (try? file.read(at: 8, count: 4)) == [0x43, 0x52, 0x02, 0x00] { return "cr2" }
    let maker = (reader.text(main[0x010F]) ?? "").uppercased()
    let isRaw = main[0x014A] != nil || main[0x0201] != nil
    let known = isRaw ? Self.makers.first { maker.hasPrefix($0.0) } : nil
    return known?.1 ?? "tif"
  }

  /// Whether the first directory, where it lies in these bytes, starts with tags in order and types
  /// that exist.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    guard let lead = try? bytes.little(UInt8.self, at: 0) else { return false }
    let isBigEndian = lead == 0x4D
    guard let version: UInt16 = number(bytes, at: 2, isBigEndian) else { return false }
    if version == 43 {
      guard let width: UInt16 = number(bytes, at: 4, isBigEndian) else { return false }
      return width == 8
    }
    guard let first: UInt32 = number(bytes, at: 4, isBigEndian), first >= 8 else { return false }
    guard let count: UInt16 = number(bytes, at: Int(first), isBigEndian) else {
      return first % 2 == 0
    }
    guard (1...512).contains(count) else { return false }
    var last: UInt16 = 0
    for index in 0..<min(Int(count), 4) {
      let entry = Int(first) + 2 + 12 * index
      guard let tag: UInt16 = number(bytes, at: entry, isBigEndian),
        let type: UInt16 = number(bytes, at: entry + 2, isBigEndian)
      else { return true }
      guard (1...13).contains(type), tag >= last else { return false }
      last = tag
    }
    return true
  }

  private static func number<T: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: RawSpan, at offset: Int, _ isBigEndian: Bool
  ) -> T? {
    isBigEndian ? try? bytes.big(T.self, at: offset) : try? bytes.little(T.self, at: offset)
  }
}
