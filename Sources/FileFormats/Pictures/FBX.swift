// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Scenes of Autodesk's FBX, binary: nodes that say where they end, an empty one, and a footer.
  ///
  ///     0  Kaydara FBX Binary, two blanks, NUL   21  1A 00   23  u32 version   27  nodes
  ///     a node: end, properties, bytes of them, of 32 bits, or 64 from version 7500 on; u8 and name;
  ///       properties; nodes, and an empty one behind them
  ///     footer: 16 bytes, zeros up to a multiple of 16, u32 0, u32 version, 120 zeros, 16 bytes
  ///
  /// - Source: no specification; Blender Foundation, *FBX binary file format specification*.
  package static let fbx = FileFormat(
    id: "fbx", name: "FBX scene", category: .photo, validation: .structure,
    signatures: [Signature(Array("Kaydara FBX Binary  \0".utf8))], maximumSize: 0x1_0000_0000
  ) { file in
    try Examination.walk("fbx", file) {
      var walk = try FBXWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the nodes of a scene.
private struct FBXWalk {
  private static let footer: [UInt8] = [
    0xF8, 0x5A, 0x8C, 0x6A, 0xDE, 0xF5, 0xD9, 0x7E, 0xEC, 0xE9, 0x0C, 0xE3, 0x75, 0x8F, 0x29, 0x0B,
  ]
  private static let deepest = 64
  private static let block: UInt64 = 4096
  private let file: Source
  private let width: Int
  private var window: Window
  private var opaque: UInt64 = 0

  init(_ file: Source) throws {
    self.file = file
    width = try file.little(UInt32.self, at: 23) >= 7500 ? 8 : 4
    window = Window(file, span: 0x2000)
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 27
    while let end = try node(at: position, depth: 0) { position = end }
    let behind = try position + ByteCount(clamping: 3 * width + 1)
    guard position > 27 else { throw Malformed("FBX", "no node stands in it", at: 27) }
    let tail = try file.readPrefix(at: behind, count: 256)
    guard let place = tail.withSpan({ $0.firstIndex(of: Self.footer) }) else {
      if tail.count < 176 { throw Truncated() }
      throw Malformed("FBX", "no footer follows the nodes", at: behind)
    }
    return .whole(
      "fbx", "FBX", end: try behind + ByteCount(clamping: place + Self.footer.count),
      and: opaque > behind.rawValue / 8 ? [.payloadUnchecked] : [])
  }

  /// Where the node at `start` ends, which those in it fill; nil for an empty one.
  private mutating func node(at start: ByteOffset, depth: Int) throws -> ByteOffset? {
    let end = ByteOffset(try number(at: start))
    let properties = try number(at: start + ByteCount(clamping: width))
    let size = try number(at: start + ByteCount(clamping: 2 * width))
    let name = try start + ByteCount(clamping: 3 * width)
    let count = UInt64(try window.byte(at: name))
    if end == 0 {
      guard properties == 0, size == 0, count == 0 else {
        throw Malformed("FBX", "no node starts here", at: start)
      }
      return nil
    }
    var position = try name + 1 + ByteCount(count)
    let letters = try window.copy(at: name + 1, count: Int(count))
    guard letters.allSatisfy({ $0 >= 0x20 }), properties <= size || size == 0, depth < Self.deepest
    else { throw Malformed("FBX", "no node starts here", at: start) }
    position = try position + ByteCount(size)
    if size > Self.block { opaque &+= size }
    guard position <= end else {
      throw Malformed("FBX", "a node reaches beyond its end", at: start)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    while position < end, let next = try node(at: position, depth: depth + 1) {
      guard next <= end else {
        throw Malformed("FBX", "a node reaches beyond the one it is in", at: position)
      }
      position = next
    }
    guard position == end || position.advancedClamped(by: ByteCount(clamping: 3 * width + 1)) == end
    else { throw Malformed("FBX", "nodes do not fill the one they are in", at: position) }
    return end
  }

  private mutating func number(at offset: ByteOffset) throws -> UInt64 {
    width == 8
      ? try window.little(UInt64.self, at: offset)
      : UInt64(try window.little(UInt32.self, at: offset))
  }
}
