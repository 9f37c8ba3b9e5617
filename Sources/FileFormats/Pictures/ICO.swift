// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows icons and cursors: a directory of pictures, each a bitmap without file header or a PNG
  /// picture. They end behind the last one.
  ///
  /// | Offset | Size | Field     | Unit                                            |
  /// |-------:|-----:|-----------|-------------------------------------------------|
  /// |   0x00 |    2 | zero      |                                                 |
  /// |   0x02 |    2 | kind      | 1 icon, 2 cursor                                |
  /// |   0x04 |    2 | count     | entries of 16 bytes                             |
  /// |   0x06 |    4 | dimension | width, height, colours, zero                    |
  /// |   0x0A |    4 | planes    | and depth; of cursors the hot spot              |
  /// |   0x0E |    4 | size      | bytes                                           |
  /// |   0x12 |    4 | offset    |                                                 |
  ///
  /// - Source: Microsoft, *Icons in Win32* (J. Hornick, 1995).
  package static let ico = FileFormat(
    id: "ico", name: "icon or cursor", category: .photo, extensions: ["ico", "cur"],
    validation: .size,
    signatures: [
      Signature([0, 0, 1, 0], alignment: 512), Signature([0, 0, 2, 0], alignment: 512),
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(8192, bytes.byteCount)) else {
        return false
      }
      return (try? ICODirectory(parsing: head)).map { $0.resembles(head) } ?? false
    }
  ) { file in
    try Examination.weakWalk(file) { try ICOWalk(file).examination() }
  }
}

/// The directory of an icon file, checked entry by entry.
private struct ICODirectory {
  struct Entry {
    let width: UInt8
    let size: UInt64
    let offset: UInt64
    var end: UInt64 { offset &+ size }
  }

  let isCursor: Bool
  /// In the order in which they lie in the file.
  let entries: [Entry]

  /// Throws `Malformed` where none can be; entries that lie beyond `bytes` are left out.
  init(parsing bytes: [UInt8]) throws {
    let isCursor = try bytes.little(UInt16.self, at: 2) == 2
    let count = Int(try bytes.little(UInt16.self, at: 4))
    guard (1...256).contains(count) else { throw Malformed("ICO", "\(count) entries", at: 4) }
    let entries = try (0..<count).filter { 22 + 16 * $0 <= bytes.count }.map { index in
      let at = 6 + 16 * index
      let first = try bytes.little(UInt16.self, at: at + 4)
      let second = try bytes.little(UInt16.self, at: at + 6)
      let entry = Entry(
        width: bytes[at], size: UInt64(try bytes.little(UInt32.self, at: at + 8)),
        offset: UInt64(try bytes.little(UInt32.self, at: at + 12)))
      let isPlausible =
        isCursor
        ? first <= 512 && second <= 512
        : first <= 32 && second <= 32
      guard isPlausible, [0, 255].contains(bytes[at + 3]), entry.size >= 40,
        entry.size < 0x100_0000, entry.offset >= UInt64(6 + 16 * count),
        entry.offset < 0x1000_0000
      else { throw Malformed("ICO", "an impossible entry", at: ByteOffset(UInt64(at))) }
      return entry
    }.sorted { $0.offset < $1.offset }
    guard let first = entries.first, first.offset < UInt64(6 + 16 * count + 4096),
      zip(entries, entries.dropFirst()).allSatisfy({
        $0.end <= $1.offset || ($0.offset == $1.offset && $0.size == $1.size)
      })
    else { throw Malformed("ICO", "its pictures overlap", at: 6) }
    self.isCursor = isCursor
    self.entries = entries
  }

  /// Whether the first picture, if it lies in these bytes, starts as one does.
  func resembles(_ bytes: [UInt8]) -> Bool {
    guard let first = entries.first, first.offset &+ 16 <= UInt64(bytes.count) else { return true }
    return ICOWalk.isPicture(bytes, at: Int(clamping: first.offset), width: first.width)
  }
}

/// The walk over the pictures of an icon file.
private struct ICOWalk {
  private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let directory = try ICODirectory(parsing: file.readPrefix(at: 0, count: 8192))
    var end: UInt64 = 0
    var areChecked = true
    var children: [Examination.Child] = []
    for entry in directory.entries {
      let start = ByteOffset(entry.offset)
      let head = try file.read(at: start, count: 16)
      guard Self.isPicture(head, at: 0, width: entry.width) else {
        throw Malformed("ICO", "no picture where one must stand", at: start)
      }
      guard ByteOffset(entry.end) <= file.range.upperBound else { throw Truncated() }
      let range = start..<ByteOffset(entry.end)
      if head.holds(Self.png, at: 0) {
        try checkPNG(range)
        children.append(.init(type: "png", range: range))
      } else {
        areChecked = false
      }
      end = max(end, entry.end)
    }
    var result = Examination.whole(
      "ico", "ICO", end: ByteOffset(end), and: areChecked ? [] : [.payloadUnchecked])
    result.type = directory.isCursor ? "cur" : "ico"
    result.children = children
    return result
  }

  private func checkPNG(_ range: Range<ByteOffset>) throws {
    let inner = try FileFormat.png.examine(file.slice(range))
    guard inner.end == .complete else {
      throw Malformed("ICO", "a PNG picture in it is broken", at: range.lowerBound)
    }
  }

  /// Whether a PNG picture or a bitmap header of this width starts here.
  static func isPicture(_ bytes: [UInt8], at start: Int, width: UInt8) -> Bool {
    if bytes.holds(png, at: start) { return true }
    guard let size = try? bytes.little(UInt32.self, at: start),
      let wide = try? bytes.little(UInt32.self, at: start + 4),
      let planes = try? bytes.little(UInt16.self, at: start + 12),
      let depth = try? bytes.little(UInt16.self, at: start + 14)
    else { return false }
    if size == 12 { return wide & 0xFFFF <= 512 && wide > 0 }
    return (size == 40 || size == 64 || size == 108 || size == 124) && planes <= 1
      && [1, 2, 4, 8, 16, 24, 32].contains(depth) && (1...1024).contains(wide)
  }
}
