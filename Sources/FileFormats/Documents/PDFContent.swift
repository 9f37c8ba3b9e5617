// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The objects of a PDF in the order of the file: whether they are there, and their streams whole.
struct PDFContent {
  /// How much more may come out of all streams than the file is long.
  private static let mostExpansion: UInt64 = 64
  /// How far from its stated place an object may begin.
  private static let slip: UInt64 = 24
  private static let longestDetour: ByteCount = 0x80_0000

  private let file: Source
  private let end: ByteOffset
  private let table: PDFTable
  private var places: [UInt64: ByteOffset] = [:]
  private var budget: UInt64
  /// How many bytes may still be looked at for objects that reach over others.
  private var detours: ByteCount
  /// Bytes of objects that hold.
  private(set) var covered: UInt64 = 0
  /// Bytes of streams that nothing checks.
  private(set) var unchecked: UInt64 = 0
  private(set) var streams: UInt64 = 0
  private(set) var objects = 0
  /// Where objects are missing, foreign or broken.
  private(set) var problems: [ByteOffset] = []
  private(set) var isIllustrator = false
  /// Whether a stream is not what it must be, though its length is right.
  private(set) var isDoubtful = false

  init(_ file: Source, _ table: PDFTable, end: ByteOffset) throws {
    self.file = file
    self.end = end
    self.table = table
    detours = ByteCount(4 &* end.rawValue &+ 0x100_0000)
    budget = Self.mostExpansion &* end.rawValue &+ 0x200_0000
    for entry in table.entries where places[entry.number] == nil {
      places[entry.number] = entry.offset
    }
    try checkAll()
  }

  private mutating func checkAll() throws {
    let sorted = table.entries.sorted { ($0.offset, $0.number) < ($1.offset, $1.number) }
    var behind: ByteOffset = 0
    var index = 0
    while index < sorted.count {
      // Entries that name the same place stand for one object.
      let offset = sorted[index].offset
      var next = index + 1
      while next < sorted.count, sorted[next].offset == offset { next += 1 }
      let numbers = sorted[index..<next].map(\.number)
      index = next
      objects += 1
      guard offset < end else {
        problems.append(end)
        continue
      }
      let limit = next < sorted.count ? min(sorted[next].offset, end) : end
      do {
        let object = try self.object(numbers, near: offset, limit: limit)
        // What lies in another object was looked at with that one.
        guard object.start >= behind else { continue }
        let stop = try check(object, limit: min(max(limit, object.headEnd), end))
        covered &+= (object.start..<max(object.start, stop)).length.rawValue
        behind = max(behind, stop)
      } catch let error as Malformed {
        problems.append(min(max(error.offset, behind), end))
      } catch is Truncated {
        problems.append(max(offset, behind))
      }
    }
  }

  /// The object of one of these numbers at a place, or a few bytes beside it.
  private mutating func object(_ numbers: [UInt64], near offset: ByteOffset, limit: ByteOffset)
    throws -> PDFObject
  {
    do {
      let object = try self.object(at: offset, limit: limit)
      if numbers.contains(object.number) { return object }
    } catch is Malformed {
      // It may stand beside.
    }
    let start = ByteOffset(offset.rawValue > Self.slip ? offset.rawValue - Self.slip : 0)
    let around = try file.readPrefix(at: start, count: ByteCount(3 * Self.slip))
    for number in numbers.prefix(4) {
      if let place = around.firstIndex(of: Array("\(number) 0 obj".utf8)),
        place == 0 || !(0x30...0x39).contains(around[place - 1])
      {
        return try object(at: start.advancedClamped(by: ByteCount(clamping: place)), limit: limit)
      }
    }
    throw Malformed("PDF", "an object is not where its table says", at: offset)
  }

  /// The object at a place, mostly before the next one begins; where it is not, that costs.
  private mutating func object(at offset: ByteOffset, limit: ByteOffset) throws -> PDFObject {
    let room = ByteCount((min(offset, limit)..<limit).length.rawValue &+ 64)
    do {
      return try PDFObject(in: file, at: offset, most: room)
    } catch is Truncated {
      let most = min(detours, Self.longestDetour)
      detours = detours.subtractingClamped(most)
      return try PDFObject(in: file, at: offset, most: most)
    }
  }

  /// Where the tables say that an object is.
  func offset(of number: UInt64) -> ByteOffset? { places[number] }

  /// Checks an object's stream, where it has one; the end of the object.
  mutating func check(_ object: PDFObject, limit: ByteOffset) throws -> ByteOffset {
    guard let dictionary = object.dictionary else { return object.headEnd }
    if dictionary.keys.contains(where: { $0.hasPrefix("AIPrivateData") }) { isIllustrator = true }
    guard let start = object.stream else { return object.headEnd }
    guard start <= limit else { throw Truncated() }
    let isPlain = dictionary.firstName("Type") == "XRef"
    let stream = try PDFStream(
      in: file, at: start, dictionary, length: length(dictionary), limit: limit,
      isEncrypted: table.isEncrypted && !isPlain, budget: budget)
    budget = budget > stream.produced ? budget - stream.produced : 0
    streams &+= 1
    switch stream.finding {
    case .sound: break
    case .doubtful: isDoubtful = true
    case .opaque: unchecked &+= (start..<max(start, stream.end)).length.rawValue
    case .broken(let place): problems.append(min(place, end))
    }
    return stream.end
  }

  /// The length that a dictionary states, or the object that it names.
  private func length(_ dictionary: PDFDictionary) -> UInt64? {
    if let number = dictionary.number("Length") { return number }
    guard let place = dictionary.reference("Length").flatMap({ places[$0] }), place < end,
      let bytes = try? file.readPrefix(at: place, count: 64)
    else { return nil }
    let words = bytes.split(maxSplits: 8, whereSeparator: PDFScanner.endsWord)
    guard words.count > 3, words[2] == Array("obj".utf8)[...] else { return nil }
    return UInt64(String(decoding: words[3], as: UTF8.self))
  }
}
