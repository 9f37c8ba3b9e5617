// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a marshalled code object: each object is a letter, and what the letter calls for.
///
/// - Source: Python, `Python/marshal.c`, `r_object`.
struct PythonCodeWalk {
  /// How a version lays out the header and code objects.
  struct Version {
    let header: Int
    /// 32-bit numbers at the start of a code object.
    let numbers: Int
    /// Objects before the file's name, behind it up to the first line's number, and behind that.
    let objects: (before: Int, between: Int, behind: Int)

    init?(_ number: UInt16) {
      switch number {
      case 62_041...62_299: (header, numbers, objects) = (8, 4, (6, 1, 1))
      case 3000..<3190: (header, numbers, objects) = (8, 5, (6, 1, 1))
      case 3190..<3390: (header, numbers, objects) = (12, 5, (6, 1, 1))
      case 3390..<3400: (header, numbers, objects) = (16, 5, (6, 1, 1))
      case 3400..<3450: (header, numbers, objects) = (16, 6, (6, 1, 1))
      case 3450..<3800: (header, numbers, objects) = (16, 5, (5, 2, 2))
      default: return nil
      }
    }
  }

  /// What remains to be read, the next last.
  private enum Step {
    case objects(UInt64)
    case skip(UInt64)
    /// Keys and values up to an empty key.
    case pairs
  }

  private static let mostObjects = 3_000_000
  private static let mostSteps = 10_000
  /// A longer text may hold a foreign block that nobody notices.
  private static let block: UInt64 = 4096
  private let file: Source
  private let version: Version
  private var window: Window
  private var position: ByteOffset
  private var objects = 0
  private var opaque: UInt64 = 0
  /// Where the texts stand that others refer to; nil for what is no text.
  private var references: [Range<ByteOffset>?] = []

  init(_ file: Source) throws {
    guard let version = Version(try file.little(UInt16.self, at: 0)) else {
      throw Malformed("Python", "a version that is not known")
    }
    self.file = file
    self.version = version
    position = ByteOffset(UInt64(version.header))
    window = Window(file, span: 0x4000)
  }

  mutating func examination() throws -> Examination {
    let kind = try window.byte(at: position)
    guard kind & 0x7F == 0x63 else { throw Malformed("Python", "no code stands in it") }
    if kind & 0x80 != 0 { references.append(nil) }
    position = try position + 1 + ByteCount(clamping: 4 * version.numbers)
    try read([.objects(UInt64(version.objects.before))])
    let name = try text()
    try read([
      .objects(UInt64(version.objects.behind)), .skip(4),
      .objects(UInt64(version.objects.between)),
    ])
    guard position <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(
      "pyc", "Python", end: position, and: opaque > position.rawValue / 8 ? [.payloadUnchecked] : []
    )
    result.name = name
    try date(&result)
    return result
  }

  /// The source's time; from version 3.7 on a flag says where its hash stands instead.
  private func date(_ result: inout Examination) throws {
    let isDated = try version.header < 16 || file.little(UInt32.self, at: 4) & 1 == 0
    let seconds = try file.little(UInt32.self, at: version.header < 16 ? 4 : 8)
    if isDated, seconds > 0 { result.date = Timestamp(seconds: Int64(seconds)) }
  }

  /// The last part of the source's path, without its extension.
  private mutating func text() throws -> String? {
    let start = position
    let kind = try window.byte(at: start)
    var place: Range<ByteOffset>?
    if kind & 0x7F == 0x72 || kind == 0x52 {
      let index = try window.little(UInt32.self, at: start + 1)
      if index < references.count { place = references[Int(index)] }
    }
    try read([.objects(1)])
    let lead: UInt64? =
      switch Unicode.Scalar(kind & 0x7F) {
      case "z", "Z": 2
      case "s", "t", "u", "a", "A": 5
      default: nil
      }
    if let lead { place = start.advancedClamped(by: ByteCount(lead))..<position }
    guard let place, place.length < 4096 else { return nil }
    let bytes = try file.readPrefix(at: place.lowerBound, count: place.length)
    let last = bytes.split { $0 == 0x2F || $0 == 0x5C }.last ?? []
    return ContentText.text(last.split(separator: 0x2E).first ?? [])
  }

  private mutating func read(_ steps: [Step]) throws {
    var steps = steps
    while let step = steps.popLast() {
      switch step {
      case .skip(let count): position = try position + ByteCount(count)
      case .pairs:
        if try window.byte(at: position) == 0x30 {
          position = try position + 1
        } else {
          steps += [.pairs, .objects(2)]
        }
      case .objects(let count):
        guard count > 0 else { continue }
        if count > 1 { steps.append(.objects(count - 1)) }
        try object(&steps)
      }
      guard steps.count < Self.mostSteps else {
        throw Malformed("Python", "objects lie too deep", at: position)
      }
    }
  }

  private mutating func number() throws -> UInt64 {
    defer { position = position.advancedClamped(by: 4) }
    return UInt64(try window.little(UInt32.self, at: position))
  }

  private mutating func short() throws -> UInt64 {
    defer { position = position.advancedClamped(by: 1) }
    return UInt64(try window.byte(at: position))
  }

  private mutating func object(_ steps: inout [Step]) throws {
    let start = position
    let byte = try window.byte(at: position)
    position = try position + 1
    objects += 1
    guard objects < Self.mostObjects else {
      throw Malformed("Python", "there are too many objects", at: start)
    }
    let slot = byte & 0x80 != 0 ? references.count : nil
    if slot != nil { references.append(nil) }
    switch Unicode.Scalar(byte & 0x7F) {
    case "N", "F", "T", "S", ".": break
    case "i": position = try position + 4
    case "r", "R":
      guard try number() < UInt64(references.count) || byte == 0x52 else {
        throw Malformed("Python", "a reference to nothing", at: start)
      }
    case "I", "g": position = try position + 8
    case "y": position = try position + 16
    case "f": position = try position + ByteCount(short())
    case "x": for _ in 0..<2 { position = try position + ByteCount(short()) }
    case "l":
      let digits = Int32(truncatingIfNeeded: try number()).magnitude
      position = try position + ByteCount(UInt64(digits) * 2)
    case "s", "t", "u", "a", "A": try text(number(), slot, isInterned: byte == 0x74)
    case "z", "Z": try text(short(), slot, isInterned: false)
    case ")": steps.append(.objects(try short()))
    case "(", "[", "<", ">": steps.append(.objects(try number()))
    case ":": steps.append(.objects(3))
    case "{": steps.append(.pairs)
    case "c":
      position = try position + ByteCount(clamping: 4 * version.numbers)
      steps += [
        .objects(UInt64(version.objects.behind)), .skip(4),
        .objects(UInt64(version.objects.before + 1 + version.objects.between)),
      ]
    default: throw Malformed("Python", "no object starts here", at: start)
    }
  }

  /// A text or bytes; Python 2 refers to those that are interned.
  private mutating func text(_ count: UInt64, _ slot: Int?, isInterned: Bool) throws {
    let end = try position + ByteCount(count)
    guard end <= file.range.upperBound else { throw Truncated() }
    if count > Self.block { opaque &+= count }
    if let slot { references[slot] = position..<end }
    if isInterned, version.header == 8 { references.append(position..<end) }
    position = end
  }
}
