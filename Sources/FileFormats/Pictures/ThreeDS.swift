// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Scenes of 3D Studio: chunks in chunks, each with its size.
  ///
  ///     a chunk: u16 kind, u32 size with these six bytes; kind 0x4D4D is the whole, 2 the version,
  ///       0x3D3D the objects, 0x4000 one of them, 0x4100 its mesh, 0xB000 how they move
  ///
  /// - Source: Autodesk, *3D Studio File Toolkit*; as `lib3ds` reads it.
  package static let threeDS = FileFormat(
    id: "3ds", name: "3D Studio scene", category: .photo, validation: .structure,
    signatures: [
      Signature(
        masked: [.init(0x4D), .init(0x4D), .init(0, mask: 0), .init(0, mask: 0), .init(0, mask: 0)]
          + [.init(0, mask: 0xE0), .init(2), .init(0), .init(10), .init(0), .init(0), .init(0)])
    ],
    maximumSize: 0x2000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 2) else { return false }
      return size > 22
        && (bytes.holds([0x3D, 0x3D], at: 16) || bytes.holds([0, 0xB0], at: 16))
    }
  ) { file in
    try Examination.walk("3ds", file) {
      let end = ByteOffset(UInt64(try file.little(UInt32.self, at: 2)))
      var walk = ThreeDSWalk(file)
      try walk.follow(6..<max(6, end), depth: 0)
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole(
        "3ds", "3DS", end: end,
        and: walk.opaque > end.rawValue / 8 ? [.payloadUnchecked] : [])
    }
  }
}

/// The walk over the chunks of a scene.
private struct ThreeDSWalk {
  /// Chunks that hold nothing but chunks.
  private static let outer: Set<UInt16> = [0x3D3D, 0x4100, 0xAFFF, 0xB000]
  /// A named object: chunks follow its name.
  private static let named: UInt16 = 0x4000
  private static let block: UInt64 = 4096
  private static let deepest = 8
  private var window: Window
  private(set) var opaque: UInt64 = 0

  init(_ file: Source) { window = Window(file, span: 0x2000) }

  mutating func follow(_ range: Range<ByteOffset>, depth: Int) throws {
    var position = range.lowerBound
    while position < range.upperBound {
      let kind = try window.little(UInt16.self, at: position)
      let size = try window.little(UInt32.self, at: position + 2)
      let end = try position + ByteCount(UInt64(size))
      guard size >= 6, end <= range.upperBound else {
        throw Malformed("3DS", "no chunk starts here", at: position)
      }
      if depth < Self.deepest, Self.outer.contains(kind) {
        try follow(position.advancedClamped(by: 6)..<end, depth: depth + 1)
      } else if depth < Self.deepest, kind == Self.named {
        try follow(behindName(position.advancedClamped(by: 6), end)..<end, depth: depth + 1)
      } else if UInt64(size) > Self.block {
        opaque &+= UInt64(size)
      }
      position = end
    }
  }

  private mutating func behindName(
    _ start: ByteOffset, _ end: ByteOffset
  ) throws -> ByteOffset {
    var position = start
    for _ in 0..<256 where position < end {
      let byte = try window.byte(at: position)
      position = try position + 1
      if byte == 0 { return position }
    }
    throw Malformed("3DS", "a name does not end", at: start)
  }
}
