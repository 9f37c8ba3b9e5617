// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Apple's binary property list: objects end to end, a table of their offsets, and a trailer that
  /// counts them.
  ///
  /// - Source: Apple, *CoreFoundation*, `CFBinaryPList.c`, "Binary plist format".
  package static let binaryPropertyList = FileFormat(
    id: "bplist", name: "binary property list", category: .system, extensions: ["bplist", "plist"],
    validation: .structure,
    signatures: [Signature("bplist00")], maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let marker = try? bytes.little(UInt8.self, at: 8) else { return false }
      return BinaryPropertyListWalk.isMarker(marker)
    }
  ) { file in
    try Examination.walk("bplist", file) {
      var isCut = false
      for width in 1...4 {
        var walk = BinaryPropertyListWalk(file, referenceWidth: width)
        do {
          if let result = try walk.examination() { return result }
        } catch is Truncated {
          isCut = true
        }
      }
      if isCut { throw Truncated() }
      throw Malformed("property list", "its objects do not lead to a table", at: 8)
    }
  }
}

/// The walk over a list's objects, for one width of the numbers by which objects name each other.
///
///     object: u8 kind and count; count 15: the real one follows as an integer object
///     0: false, true   1: integer, 2: real, of 2^count bytes   3: date, 8 bytes
///     4: data   5: ASCII   6: UTF-16   8: uid, count + 1 bytes   A, B, C: array, sets
///     D: dictionary, two references each
///     trailer: 6 bytes; u8 width of offsets, u8 of references; u64 objects, u64 top, u64 table
struct BinaryPropertyListWalk {
  private static let longestUnseen: UInt64 = 4096
  private static let mostObjects: UInt64 = 0x100_0000

  private let file: Source
  private let width: Int
  private var window: Window
  private var ahead: Window
  private var position: ByteOffset = 8
  private var starts: UInt64 = 0
  private var longest: UInt64 = 0

  init(_ file: Source, referenceWidth: Int) {
    self.file = file
    width = referenceWidth
    window = Window(file, span: 0x4000)
    ahead = Window(file, span: 64)
  }

  static func isMarker(_ marker: UInt8) -> Bool {
    switch marker >> 4 {
    case 0: marker == 8 || marker == 9
    case 1: marker & 15 <= 4
    case 2: marker == 0x22 || marker == 0x23
    case 3: marker == 0x33
    case 4...6, 8, 10...13: true
    default: false
    }
  }

  /// Nil where no table follows the objects.
  mutating func examination() throws -> Examination? {
    while true {
      if starts > 0, let end = try table() {
        var result = Examination.whole(
          "bplist", "property list", end: end,
          and: longest >= Self.longestUnseen ? [.payloadUnchecked] : [])
        result.type = "plist"
        return result
      }
      guard try object() else { return nil }
    }
  }

  /// Moves on behind an object; false where none can stand.
  private mutating func object() throws -> Bool {
    let marker = try window.byte(at: position)
    // References of so many bytes number no more objects than these.
    guard Self.isMarker(marker), starts < min(Self.mostObjects, 1 << UInt64(8 * width))
    else { return false }
    var at = try position + 1
    var count = UInt64(marker & 15)
    let kind = marker >> 4
    if kind >= 4, kind != 8, count == 15 {
      let size = try window.byte(at: at)
      guard size & 0xF0 == 0x10, size & 15 <= 3 else { return false }
      count = 0
      for index in 0..<(1 << Int(size & 15)) {
        count = count << 8 | UInt64(try window.byte(at: at + 1 + ByteCount(clamping: index)))
      }
      at = try at + 1 + ByteCount(clamping: 1 << Int(size & 15))
    }
    let length = try ByteCount(count) * UInt64(Self.factor(kind, width))
    let size: UInt64 =
      switch kind {
      case 0: 0
      case 1, 2: 1 << count
      case 3: 8
      case 8: count + 1
      default: length.rawValue
      }
    longest = max(longest, size)
    position = try at + ByteCount(size)
    guard position <= file.range.upperBound else { throw Truncated() }
    starts &+= 1
    return true
  }

  private static func factor(_ kind: UInt8, _ width: Int) -> Int {
    switch kind {
    case 6: 2
    case 10, 11, 12: width
    case 13: 2 * width
    default: 1
    }
  }

  /// Where the list ends, if its table stands here and counts the objects that were met.
  private mutating func table() throws -> ByteOffset? {
    let least = max(1, (71 - position.rawValue.leadingZeroBitCount) / 8)
    for size in Set([least, min(least + 1, 8), 8]) {
      let trailer = try position + ByteCount(clamping: size) * starts
      guard try ahead.holds([UInt8(size), UInt8(width)], at: trailer + 6),
        try ahead.big(UInt64.self, at: trailer + 8) == starts,
        try ahead.big(UInt64.self, at: trailer + 16) < starts,
        try ahead.big(UInt64.self, at: trailer + 24) == position.rawValue
      else { continue }
      return try trailer + 32
    }
    return nil
  }
}
