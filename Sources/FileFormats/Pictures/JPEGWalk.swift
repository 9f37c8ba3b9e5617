// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The walk over one JPEG stream from its start to its end marker: tables and frame are kept, scans
/// are decoded, EXIF and the multi-picture index are taken up on the way.
struct JPEGWalk {
  private static let mostSegments = 8192
  /// The longest run of fill bytes before a marker that is still believed.
  private static let mostFill = 64
  /// So far behind a place that does not decode an end marker is looked for.
  private static let mostDamaged: UInt64 = 0x20_0000

  private var file: Source
  private var window: Window
  private let start: ByteOffset
  private var position: ByteOffset
  private var tables = JPEGTables()
  private var frame: JPEGFrame?
  private var coefficients: JPEGCoefficients?
  private var scans = 0
  private(set) var exif: EXIF?
  private(set) var multiPicture: MultiPicture?
  /// Whether every scan was decoded, not only passed.
  private(set) var isDecoded = true
  /// Where decoding broke, if the stream goes on behind it.
  private(set) var damage: Malformed?
  /// The scan that is being decoded.
  private var pending: (decoder: JPEGScanDecoder, reader: JPEGBitReader)?
  /// What was seen of the last scan's rows.
  private(set) var rows: JPEGRows?
  /// Whether states are kept on the way, the last one in `saved`.
  private var isSaving = false
  private var saved: [JPEGWalk] = []
  /// Whether it ends at the first problem.
  private var isTrial = false
  /// Units between two states that are kept.
  private static let stride = 64

  /// - Parameter start: where the start marker stands in `file`.
  init(_ file: Source, at start: ByteOffset) {
    self.file = file
    window = Window(file)
    position = start
    self.start = start
  }

  /// Follows the stream and returns where it ends. Throws `Malformed` where it breaks and
  /// `Truncated` where the bytes end first.
  mutating func follow() throws -> ByteOffset {
    if isSaving { save() }
    if pending != nil { try decodePending() }
    if position == start { try begin() }
    for _ in 0..<Self.mostSegments {
      if isSaving { save() }
      let marker = try nextMarker()
      if marker == JPEGMarker.endOfImage {
        try checkComplete()
        return try position + 2
      }
      try pass(marker)
    }
    throw Malformed("JPEG", "there are too many segments", at: position)
  }

  /// Walks as far as the bytes go; the last state before their end, or nil.
  mutating func checkpoint() -> JPEGWalk? {
    isSaving = true
    _ = try? follow()
    return saved.last
  }

  /// The same state in another file, of which all that was passed is the same.
  func resumed(in file: Source) -> JPEGWalk {
    var walk = self
    walk.file = file
    walk.window = Window(file)
    walk.isTrial = true
    walk.pending = pending.map { ($0.decoder, $0.reader.resumed(in: file)) }
    walk.pending?.decoder.compare(from: self.file.range.upperBound)
    return walk
  }

  private mutating func save() {
    var state = self
    state.saved = []
    state.isSaving = false
    saved = [state]
  }

  private mutating func begin() throws {
    guard try window.holds([0xFF, JPEGMarker.startOfImage], at: position) else {
      throw Malformed("JPEG", "no start marker", at: position)
    }
    position = try position + 2
  }

  /// The next marker, at `position`, behind fill bytes.
  private mutating func nextMarker() throws -> UInt8 {
    guard try window.byte(at: position) == 0xFF else {
      throw Malformed("JPEG", "no marker where one must stand", at: position)
    }
    for _ in 0..<Self.mostFill {
      let marker = try window.byte(at: position + 1)
      if marker != 0xFF { return marker }
      position = try position + 1
    }
    throw Malformed("JPEG", "too many fill bytes", at: position)
  }

  private mutating func pass(_ marker: UInt8) throws {
    guard JPEGMarker.hasSegment(marker) else {
      throw Malformed("JPEG", "an unknown marker", at: position)
    }
    let count = try window.big(UInt16.self, at: position + 2)
    guard count >= 2 else { throw Malformed("JPEG", "a segment without room", at: position) }
    let data = try position + 4
    let end = try position + ByteCount(UInt64(count)) + 2
    let bytes = try window.copy(at: data, count: Int(count) - 2)
    do {
      try take(marker, bytes, at: data)
    } catch is Truncated {
      throw Malformed("JPEG", "a segment is shorter than its content", at: position)
    }
    position = end
    if marker == JPEGMarker.startOfScan { try decode(JPEGScanHeader(parsing: bytes), at: data) }
  }

  private mutating func take(_ marker: UInt8, _ bytes: [UInt8], at data: ByteOffset) throws {
    switch marker {
    case JPEGMarker.huffmanTables: try tables.defineCodes(bytes, at: position)
    case JPEGMarker.quantisationTables: try tables.defineSteps(bytes, at: position)
    case JPEGMarker.restartInterval: tables.restartInterval = Int(try bytes.big(UInt16.self, at: 0))
    case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
      guard frame == nil else { throw Malformed("JPEG", "a second frame", at: position) }
      frame = try JPEGFrame(marker: marker, parsing: bytes, at: position)
    case 0xE1 where exif == nil: exif = try EXIF(segment: bytes, at: data)
    case 0xE2 where multiPicture == nil: multiPicture = MultiPicture(segment: bytes, at: data)
    default: break
    }
  }

  /// Decodes the scan whose data start at `position`; or passes it, where its coding is a rarer one.
  private mutating func decode(_ header: JPEGScanHeader, at data: ByteOffset) throws {
    guard let current = frame else { throw Malformed("JPEG", "a scan before its frame", at: data) }
    scans += 1
    var reader = JPEGBitReader(file, at: position)
    if coefficients == nil, current.canBeDecoded { coefficients = JPEGCoefficients(of: current) }
    guard coefficients != nil else {
      isDecoded = false
      position = try reader.passScan()
      return
    }
    let decoder = try JPEGScanDecoder(header, frame: current, tables: tables, at: data)
    pending = (decoder, reader)
    try decodePending()
  }

  /// Decodes the scan that was begun, to its end.
  private mutating func decodePending() throws {
    guard var (decoder, reader) = pending else { return }
    let start = position
    defer { rows = decoder.rows }
    do {
      pending = nil
      if isSaving, !decoder.isProgressive {
        while try !decoder.decode(&reader, into: &coefficients, units: Self.stride) {
          if reader.isSound {
            pending = (decoder, reader)
            save()
            pending = nil
          }
        }
      } else {
        _ = try decoder.decode(&reader, into: &coefficients)
      }
      position = try reader.finish()
    } catch is Truncated {
      if isTrial || isSaving { throw Truncated() }
      let last = file.range.upperBound
      let end = try RepeatedBytes.start(in: file, from: start, to: last)
      guard end < last else { throw Truncated() }
      throw Malformed("JPEG", "nothing but one byte value follows", at: end)
    } catch let error as Malformed {
      if isTrial { throw error }
      let problem = Malformed(
        "JPEG", error.problem, at: try RepeatedBytes.start(in: file, from: start, to: error.offset))
      // A long run of one value is no bad place, but the end of what was written.
      guard problem.offset == error.offset, try goesOn(behind: problem) else { throw problem }
    }
  }

  /// Whether the stream comes to an end marker soon behind a place that does not decode: a picture with
  /// a bad place, and not one that something else has followed.
  private mutating func goesOn(behind problem: Malformed) throws -> Bool {
    var reader = JPEGBitReader(file, at: problem.offset)
    guard damage == nil, let next = try? reader.passScan(limit: Self.mostDamaged) else {
      return false
    }
    guard try window.holds([0xFF, JPEGMarker.endOfImage], at: next) else { return false }
    damage = problem
    coefficients = nil
    isDecoded = false
    position = next
    return true
  }

  /// An end marker counts only once each component has been seen.
  private func checkComplete() throws(Malformed) {
    guard frame != nil, scans > 0 else {
      throw Malformed("JPEG", "it ends before a picture", at: position)
    }
    if let coefficients, !coefficients.isComplete {
      throw Malformed("JPEG", "it ends before each component was seen", at: position)
    }
  }
}
