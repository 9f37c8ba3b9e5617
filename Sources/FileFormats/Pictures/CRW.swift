// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Canon's raw pictures before 2004: a heap, which its directory ends. Only the last four bytes say
  /// where that is, so it is looked for.
  ///
  ///     0  II   2  u32 start of the heap   6  HEAPCCDR   14  u32 version
  ///     directory: u16 count; each u16 kind, u32 size, u32 offset in the heap; u32 its own offset
  ///
  /// - Source: Canon, *CIFF Specification on Image Data File 1.0*; P. Harvey, *The Canon RAW (CRW)
  ///   File Format*.
  package static let crw = FileFormat(
    id: "crw", name: "Canon raw picture", category: .photo, validation: .structure,
    signatures: [Signature("HEAPCCDR", at: 6)], maximumSize: 0x800_0000,
    resembles: { bytes in
      guard let start = try? bytes.little(UInt32.self, at: 2) else { return false }
      return bytes.holds([0x49, 0x49], at: 0) && (26...64).contains(start)
    }
  ) { file in
    try Examination.walk("crw", file) { try CRWWalk(file).examination() }
  }
}

/// The search for the directory of a Canon raw picture, and the entries in it.
private struct CRWWalk {
  private static let entry = 10
  private static let mostEntries = 64
  private static let step = 0x10_0000
  private static let overlap = 2 + entry * mostEntries + 4
  private static let deepest = 8
  private static let mostHeaps = 256
  private static let model: UInt16 = 0x080A
  private static let picture: UInt16 = 0x2007
  private static let moment: UInt16 = 0x180E
  private static let trailer = Array("CANON OPTIONAL DATA\0".utf8)

  private let file: Source
  private let heap: ByteOffset

  init(_ file: Source) throws {
    self.file = file
    heap = ByteOffset(UInt64(try file.little(UInt32.self, at: 2)))
  }

  func examination() throws -> Examination {
    var position = heap
    while position < file.range.upperBound, position.rawValue < 0x800_0000 {
      let bytes = try file.readPrefix(
        at: position, count: ByteCount(clamping: Self.step + Self.overlap))
      for index in 0..<max(0, min(Self.step, bytes.count - 12)) {
        let count = Int(bytes[index])
        guard (1...Self.mostEntries).contains(count), bytes[index + 1] == 0 else { continue }
        let start = position.advancedClamped(by: ByteCount(clamping: index))
        let own = index + 2 + Self.entry * count
        guard let place = try? bytes.little(UInt32.self, at: own),
          UInt64(place) == start.rawValue &- heap.rawValue
        else { continue }
        if let result = try? found(at: start, end: start + ByteCount(clamping: own + 4 - index)) {
          return result
        }
      }
      position = position.advancedClamped(by: ByteCount(clamping: Self.step))
    }
    throw Truncated()
  }

  private func found(at directory: ByteOffset, end: ByteOffset) throws -> Examination {
    var result = Examination.whole(
      "crw", "CRW", end: try behindTrailer(end), and: [.payloadUnchecked])
    var heaps = 0
    try take(heap..<directory, directory, &result, depth: 0, &heaps)
    return result
  }

  /// Takes what a directory lists, all of it in the heap before it, and in the heaps inside.
  private func take(
    _ heap: Range<ByteOffset>, _ directory: ByteOffset, _ result: inout Examination, depth: Int,
    _ heaps: inout Int
  ) throws {
    let count = Int(try file.little(UInt16.self, at: directory))
    heaps += 1
    guard depth < Self.deepest, heaps < Self.mostHeaps, (1...Self.mostEntries).contains(count)
    else {
      throw Malformed("CRW", "a directory that cannot be", at: directory)
    }
    let bytes = try file.read(at: directory + 2, count: ByteCount(clamping: count * Self.entry))
    for index in stride(from: 0, to: bytes.count, by: Self.entry) {
      let kind = try bytes.little(UInt16.self, at: index)
      // The value stands in the entry itself.
      if kind & 0xC000 == 0x4000 { continue }
      let place = try Range(
        at: heap.lowerBound + ByteCount(UInt64(bytes.little(UInt32.self, at: index + 6))),
        count: ByteCount(UInt64(bytes.little(UInt32.self, at: index + 2))))
      guard kind & 0xC000 == 0, place.upperBound <= directory else {
        throw Malformed("CRW", "an entry outside the heap", at: directory)
      }
      switch kind {
      case 0x2800..<0x3800:
        guard place.length >= 6 else { continue }
        let last = try place.upperBound - 4
        let inner =
          try place.lowerBound
          + ByteCount(UInt64(file.little(UInt32.self, at: ByteOffset(last))))
        guard inner < ByteOffset(last) else {
          throw Malformed("CRW", "a heap without directory", at: place.lowerBound)
        }
        try take(place, inner, &result, depth: depth + 1, &heaps)
      case Self.model:
        let text = try file.readPrefix(at: place.lowerBound, count: min(place.length, 128))
        result.name = text.split(separator: 0).dropFirst().first.flatMap { ContentText.text($0) }
      case Self.moment where place.length >= 4:
        let seconds = try file.little(UInt32.self, at: place.lowerBound)
        if seconds > 0 { result.date = Timestamp(seconds: Int64(seconds)) }
      case Self.picture:
        if !place.isEmpty { result.children.append(.init(type: "jpg", range: place)) }
      default: break
      }
    }
  }

  /// Canon's program appends what was done to a picture: 28 bytes that end with a length, and 64.
  private func behindTrailer(_ end: ByteOffset) throws -> ByteOffset {
    let head = try file.readPrefix(at: end, count: 28)
    guard head.holds(Self.trailer, at: 0) else { return end }
    let stop = try end + 92 + ByteCount(UInt64(head.big(UInt32.self, at: 24)))
    return stop <= file.range.upperBound ? stop : end
  }
}
