// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Portable Document Format: objects, a table of their offsets, `startxref` with its place, `%%EOF`;
  /// each later edit appends the same again.
  ///
  /// - Source: ISO 32000-1, §7.5 "File structure", Annex F "Linearized PDF".
  package static let pdf = FileFormat(
    id: "pdf", name: "PDF document", category: .document, extensions: ["pdf", "ai"],
    validation: .structure,
    signatures: [Signature(Array("%PDF-".utf8))], maximumSize: 0x8000_0000,
    resembles: { bytes in
      guard let major = try? bytes.little(UInt8.self, at: 5),
        let minor = try? bytes.little(UInt8.self, at: 7)
      else { return true }
      return (major == 0x31 || major == 0x32) && bytes.holds([0x2E], at: 6)
        && (0x30...0x39).contains(minor)
    },
    checkpoint: { head in
      let sequence = try PDFSequence(head)
      return Checkpoint { file in
        let whole = try sequence.resumed(in: file)
        // Tables may hold where the order does not.
        let goesOn = whole.position > ByteOffset(head.length).advancedClamped(by: 64)
        if whole.end != nil && whole.objects > 0 || goesOn {
          let result = try Examination.walk("pdf", file) { try PDFWalk(file).examination() }
          if result.end == .complete { return result }
        }
        let evidence: [Evidence] = [.headerMatched("pdf")]
        return whole.isTruncated
          ? .truncated(at: file.range.upperBound, evidence: evidence)
          : .broken(
            at: whole.position, problem: "something foreign stands between its objects",
            evidence: evidence
          ).doubtful(from: whole.sound, to: whole.position)
      }
    }
  ) { file in
    try Examination.walk("pdf", file) { try PDFWalk(file).examination() }
  }
}

/// The walk from one end mark to the next, as long as they are this file's own.
private struct PDFWalk {
  /// How far behind a valid end an appended edit is looked for.
  private static let reach: ByteCount = 0x80_0000
  /// How much of a file may lie in streams that nothing checks, as a part of all.
  private static let uncheckedShare: UInt64 = 16
  /// How far one object may reach: a scanned page is large, but not like that.
  private static let longestObject: ByteCount = 0x400_0000
  private static let endMark = Array("%%EOF".utf8)
  private let file: Source
  private var end: ByteOffset?
  /// Behind the last end mark itself.
  private var mark: ByteOffset?
  private var table: ByteOffset = 0
  /// How far objects were seen while no end was.
  private var lastObject: ByteOffset = 0

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var walk = self
    try walk.findEnds()
    guard let mark = walk.mark else { return try walk.withoutTables(else: nil) }
    let end = try TextEnd(in: file, after: mark)
    let table = try PDFTable(file, at: walk.table, end: mark)
    let content = try PDFContent(file, table, end: mark)
    let problems = content.problems + (table.problem.map { [$0] } ?? [])
    // Many tools write a stray wrong entry; a hole in the file hits what lies behind it together.
    if let first = problems.min(), problems.count * 50 > content.objects || problems.count > 20 {
      return try walk.withoutTables(else: first)
    }
    let limit = mark.rawValue / Self.uncheckedShare
    let isSound = problems.isEmpty && !content.isDoubtful && content.objects > 0
    var evidence = end.evidence
    if !isSound || content.unchecked > limit { evidence.append(.payloadUnchecked) }
    if content.unchecked == 0, isSound, content.streams > 0 {
      evidence.append(.decoded("\(content.streams) streams"))
    }
    var result = Examination.whole("pdf", "PDF", end: end.offset, and: evidence)
    let facts = try PDFFacts(file, table, content)
    result.name = facts.title
    result.date = facts.date
    if content.isIllustrator { result.type = "ai" }
    return result
  }

  /// Follows the objects from front to back, where no table helps.
  ///
  /// - Parameter problem: where the tables say that it breaks.
  private func withoutTables(else problem: ByteOffset?) throws -> Examination {
    let sequence = try PDFSequence(file)
    let evidence: [Evidence] = [.headerMatched("pdf")]
    if let mark = sequence.end, sequence.objects > 0 {
      let end = try TextEnd(in: file, after: mark)
      var evidence = sequence.isMarked ? end.evidence : [.endReasoned]
      // Objects one behind the other may be two documents': where no table agrees, nothing shows it.
      evidence.append(.payloadUnchecked)
      return .whole("pdf", "PDF", end: end.offset, and: evidence)
    }
    if let problem {
      return .broken(
        at: problem, problem: "an object is not where its table says", evidence: evidence)
    }
    guard sequence.objects > 0 else { return .truncated(at: lastObject, evidence: evidence) }
    return sequence.isTruncated
      ? .truncated(at: file.range.upperBound, evidence: evidence)
      : .broken(
        at: sequence.position, problem: "something foreign stands between its objects",
        evidence: evidence)
  }

  private mutating func findEnds() throws {
    var position: ByteOffset = 0
    guard try objectStands(in: 0..<min(0x1_0000, file.range.upperBound)) else { return }
    if let length = try linearizedLength() {
      // The first end mark of such a file stands near its start: the length says where the last is.
      let tail = length.advancedClamped(by: 0)
      if tail <= file.range.upperBound, tail > 1024 {
        let from = ByteOffset(tail.rawValue - 1024)
        if let mark = try marks(in: from..<tail).last, try accept(mark) { position = tail }
      }
    }
    while true {
      let limit = end.map { $0.advancedClamped(by: Self.reach) } ?? file.range.upperBound
      let stop = min(limit, file.range.upperBound)
      guard position < stop else { return }
      // Windows overlap by the length of a mark and what stands before it.
      let next = min(position.advancedClamped(by: 0x10_0000), stop)
      let found = try marks(in: position..<next)
      var foundOwn = false
      for mark in found where end.map({ mark >= $0 }) ?? true {
        if try accept(mark) { foundOwn = true }
      }
      if end == nil {
        // A document without an end is looked through as far as it looks like one.
        if try objectStands(in: position..<next) { lastObject = next }
        if (lastObject..<next).length > Self.longestObject { return }
        if try position > 0 && anotherStarts(in: position..<next) { return }
      }
      if !foundOwn, next == stop { return }
      position = max(ByteOffset(next.rawValue - 5), position.advancedClamped(by: 1))
      if next == file.range.upperBound { return }
    }
  }

  /// Whether an object begins there: two numbers and a word.
  private func objectStands(in range: Range<ByteOffset>) throws -> Bool {
    var stands = false
    try file.withBytes(in: range) { bytes in
      var at = 0
      while !stands, let place = bytes.firstIndex(of: Array(" obj".utf8), from: at) {
        let digit = try? bytes.little(UInt8.self, at: place - 1)
        stands = digit.map { (0x30...0x39).contains($0) } ?? false
        at = place + 4
      }
    }
    return stands
  }

  /// Where end marks stand.
  private func marks(in range: Range<ByteOffset>) throws -> [ByteOffset] {
    var found: [ByteOffset] = []
    try file.withBytes(in: range) { bytes in
      var at = 0
      while let place = bytes.firstIndex(of: Self.endMark, from: at), found.count < 10_000 {
        found.append(range.lowerBound.advancedClamped(by: ByteCount(clamping: place)))
        at = place + 5
      }
    }
    return found
  }

  /// Whether the mark ends this file: the place that stands before it must hold a table of offsets.
  private mutating func accept(_ mark: ByteOffset) throws -> Bool {
    let from = ByteOffset(mark.rawValue > 128 ? mark.rawValue - 128 : 0)
    let text = try file.read(at: from, count: (from..<mark).length)
    guard let word = text.lastIndex(of: Array("startxref".utf8)) else { return false }
    let digits = text[(word + 9)...].drop { $0 <= 0x20 }.prefix { (0x30...0x39).contains($0) }
    guard let place = UInt64(String(decoding: digits, as: UTF8.self)), place < mark.rawValue
    else { return false }
    // A linearized file's first part says 0; its last part says where the first table is.
    guard place > 0 else { return false }
    let offset = ByteOffset(place)
    guard try PDFTable.stands(in: file, at: offset) else { return false }
    if let end, try anotherStarts(in: end..<mark) { return false }
    table = offset
    var after = mark.advancedClamped(by: 5)
    switch try file.readPrefix(at: after, count: 2) {
    case [0x0D, 0x0A]: after = after.advancedClamped(by: 2)
    case let bytes where bytes.first == 0x0A || bytes.first == 0x0D:
      after = after.advancedClamped(by: 1)
    default: break
    }
    end = after
    self.mark = mark.advancedClamped(by: 5)
    return true
  }

  /// Whether a document of its own begins behind this one: at once, or with a sector.
  private func anotherStarts(in range: Range<ByteOffset>) throws -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      let piece = ByteOffset(position.rawValue / 512 * 512).advancedClamped(by: 0x10_0000)
      let next = min(piece, range.upperBound)
      var found = false
      try file.withBytes(in: position..<next) { bytes in
        var at = 0
        while !found, let place = bytes.firstIndex(of: Array("%PDF-".utf8), from: at) {
          let offset = position.advancedClamped(by: ByteCount(clamping: place))
          found = offset == range.lowerBound || offset.rawValue % 512 == 0
          at = place + 5
        }
      }
      if found { return true }
      // The next piece begins with a sector, or was the last.
      position = next
    }
    return false
  }

  /// The length that a linearized file states in its first object.
  private func linearizedLength() throws -> ByteOffset? {
    let head = try file.readPrefix(at: 0, count: 1024)
    guard head.firstIndex(of: Array("/Linearized".utf8)) != nil,
      let key = head.firstIndex(of: Array("/L ".utf8))
    else { return nil }
    let digits = head[(key + 3)...].prefix { (0x30...0x39).contains($0) }
    return UInt64(String(decoding: digits, as: UTF8.self)).map { ByteOffset($0) }
  }
}
