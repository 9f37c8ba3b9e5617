// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// OpenEXR pictures: attributes, tables of where the chunks stand, and the chunks, each with the size of
  /// its pixels. They end behind the chunk that lies last.
  ///
  ///     0  76 2F 31 01   4  u32 version and flags: 0x200 tiles, 0x800 deep, 0x1000 several parts
  ///     8  attributes: name NUL, type NUL, u32 size, value; an empty name ends them;
  ///        of several parts one after the other, and an empty one ends them
  ///        tables of u64 offsets; chunks: [u32 part], u32 y or u32 × 4 of a tile, u32 size, pixels
  ///
  /// - Source: Academy Software Foundation, *OpenEXR File Layout*.
  package static let exr = FileFormat(
    id: "exr", name: "OpenEXR picture", category: .photo, validation: .structure,
    signatures: [Signature([0x76, 0x2F, 0x31, 0x01, 0x02])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let flags = try? bytes.little(UInt32.self, at: 4),
        let first = try? bytes.little(UInt8.self, at: 8)
      else { return false }
      return flags & 0xFFFF_E100 == 0 && (0x41...0x7A).contains(first)
    }
  ) { file in
    try Examination.walk("exr", file) {
      var walk = try EXRWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over an OpenEXR file.
private struct EXRWalk {
  private static let mostAttributes = 4096
  private static let mostChunks: UInt64 = 4_000_000
  private let file: Source
  private var window: Window
  private let flags: UInt32
  private var position: ByteOffset = 8
  private var name: String?
  private var date: Timestamp?
  private var isInflated = true
  /// Bytes of all chunks together: no more than the file has, unless they overlap.
  private var spent: UInt64 = 0

  init(_ file: Source) throws {
    self.file = file
    window = Window(file, span: 4096)
    flags = try file.little(UInt32.self, at: 4)
  }

  private var isMultipart: Bool { flags & 0x1000 != 0 }

  mutating func examination() throws -> Examination {
    var parts = [try part()]
    while isMultipart, try window.byte(at: position) != 0 {
      guard parts.count < 1024 else { throw Malformed("EXR", "too many parts", at: position) }
      parts.append(try part())
    }
    if isMultipart { position = try position + 1 }
    var table = position
    var end = position
    var chunks: UInt64 = 0
    for part in parts {
      chunks &+= part.count
      guard part.count > 0, chunks < Self.mostChunks else {
        throw Malformed("EXR", "a part of \(part.count) chunks", at: table)
      }
      end = try end + ByteCount(part.count &* 8)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    let first = end
    var tables = Window(file)
    for part in parts {
      for index in 0..<part.count {
        let place = ByteOffset(try tables.little(UInt64.self, at: table + ByteCount(index &* 8)))
        guard place >= first else {
          throw Malformed("EXR", "a chunk without its place", at: table)
        }
        end = max(end, try chunkEnd(part, at: place))
        guard spent <= end.rawValue else {
          throw Malformed("EXR", "its chunks overlap", at: place)
        }
      }
      table = try table + ByteCount(part.count &* 8)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(
      "exr", "OpenEXR", end: end, and: isInflated ? [.decoded("OpenEXR")] : [.payloadUnchecked])
    result.name = name
    result.date = date
    return result
  }

  /// Where the chunk at `place` ends; its pixels are inflated where that is their compression.
  private mutating func chunkEnd(_ part: EXRPart, at place: ByteOffset) throws -> ByteOffset {
    let head = try place + (isMultipart ? 4 : 0) + (part.isTiled ? 16 : 4)
    if part.isDeep {
      isInflated = false
      let table = try window.little(UInt64.self, at: head)
      let size = try window.little(UInt64.self, at: head + 8)
      return try head + 24 + ByteCount(table) + ByteCount(size)
    }
    let size = UInt64(try window.little(UInt32.self, at: head))
    let end = try head + 4 + ByteCount(size)
    guard end <= file.range.upperBound else { throw Truncated() }
    spent &+= size
    // A chunk that compression would not make smaller is plain, and tells nothing.
    guard part.compression == 2 || part.compression == 3,
      try window.holds([0x78], at: head + 4)
    else {
      isInflated = false
      return end
    }
    let inflated = try Inflation.inflate(
      file.slice((head + 4)..<end), from: 0, wrapper: .zlib, limit: size &* 64 &+ 0x10_0000)
    if inflated.end != .complete || inflated.consumed != ByteCount(size) { isInflated = false }
    return end
  }

  /// Reads the attributes of the next part.
  private mutating func part() throws -> EXRPart {
    var part = EXRPart()
    part.isTiled = flags & 0x200 != 0
    part.isDeep = flags & 0x800 != 0
    for _ in 0..<Self.mostAttributes {
      let name = try text()
      if name.isEmpty {
        guard part.width > 0, part.height > 0 else {
          throw Malformed("EXR", "a part without its size", at: position)
        }
        return part
      }
      _ = try text()
      let size = UInt64(try window.little(UInt32.self, at: position))
      let value = try position + 4
      position = try value + ByteCount(size)
      guard position <= file.range.upperBound else { throw Truncated() }
      try take(name, size, at: value, &part)
    }
    throw Malformed("EXR", "too many attributes", at: position)
  }

  private mutating func take(
    _ attribute: String, _ size: UInt64, at value: ByteOffset, _ part: inout EXRPart
  ) throws {
    switch attribute {
    case "compression": part.compression = try window.byte(at: value)
    case "dataWindow" where size == 16:
      let left = Int64(try window.little(Int32.self, at: value))
      let top = Int64(try window.little(Int32.self, at: value + 4))
      let right = Int64(try window.little(Int32.self, at: value + 8))
      let bottom = Int64(try window.little(Int32.self, at: value + 12))
      guard (0...0xFF_FFFF).contains(right &- left), (0...0xFF_FFFF).contains(bottom &- top) else {
        throw Malformed("EXR", "an impossible window", at: value)
      }
      part.width = UInt64(right &- left) &+ 1
      part.height = UInt64(bottom &- top) &+ 1
    case "tiles" where size == 9:
      part.tileWidth = UInt64(try window.little(UInt32.self, at: value))
      part.tileHeight = UInt64(try window.little(UInt32.self, at: value + 4))
      let mode = try window.byte(at: value + 8)
      part.levelMode = mode & 15
      part.roundsUp = mode >> 4 == 1
    case "chunkCount" where size == 4:
      part.stated = UInt64(try window.little(UInt32.self, at: value))
    case "type" where isMultipart || part.isDeep:
      let kind = String(
        decoding: try window.copy(at: value, count: Int(clamping: min(size, 32))), as: UTF8.self)
      part.isTiled = kind.hasSuffix("tile")
      part.isDeep = kind.hasPrefix("deep")
    case "capDate" where size <= 64:
      date = EXIF.moment(
        ContentText.text(try window.copy(at: value, count: Int(clamping: size))))
    default: break
    }
  }

  /// A text up to its NUL.
  private mutating func text() throws -> String {
    let bytes = try file.readPrefix(at: position, count: 256)
    guard let end = bytes.firstIndex(of: 0) else {
      if bytes.count < 256 { throw Truncated() }
      throw Malformed("EXR", "a name does not end", at: position)
    }
    guard bytes[..<end].allSatisfy({ (0x20...0x7E).contains($0) || $0 > 0x7F }) else {
      throw Malformed("EXR", "a name that is no text", at: position)
    }
    position = try position + ByteCount(clamping: end + 1)
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
