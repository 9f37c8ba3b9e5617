// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Scenes of Blender, where they are not compressed: blocks up to the one that says it is the last.
  ///
  ///     0  BLENDER   7  _ for addresses of 32 bits, - for 64   8  v little-endian, V big   9  digits
  ///     a block: 4 code, u32 size, address, u32 type, u32 count, data; ENDB is the last
  ///     from version 5 on: BLENDER17-01v0500; a block: 4 code, u32 type, address, i64 size, i64 count
  ///
  /// - Source: Blender, *The mystery of the blend*; `BLO_core_bhead.hh` for version 5.
  package static let blend = FileFormat(
    id: "blend", name: "Blender scene", category: .photo, validation: .structure,
    signatures: [Signature("BLENDER_"), Signature("BLENDER-"), Signature("BLENDER17-01")],
    maximumSize: 0x4_0000_0000,
    resembles: { bytes in
      let at = bytes.holds([0x31], at: 7) ? 13 : 9
      return bytes.holds([0x76], at: at - 1) || bytes.holds([0x56], at: at - 1)
        ? (at..<at + 3).allSatisfy { index in
          (try? bytes.little(UInt8.self, at: index)).map { (0x30...0x39).contains($0) } ?? false
        } : false
    }
  ) { file in
    try Examination.walk("blend", file) { try BlendWalk(file).examination() }
  }
}

/// The walk over the blocks of a scene.
private struct BlendWalk {
  private static let block: UInt64 = 4096
  private static let last = Array("ENDB".utf8)
  private let file: Source
  private let isBigEndian: Bool
  /// Whether blocks have the header of version 5.
  private let isLong: Bool
  private let width: Int

  init(_ file: Source) throws {
    self.file = file
    let head = try file.read(at: 0, count: 16)
    isLong = head[7] == 0x31
    isBigEndian = head[8] == 0x56 && !isLong
    width = isLong ? 32 : head[7] == 0x5F ? 20 : 24
  }

  func examination() throws -> Examination {
    var window = Window(file, span: 0x2000)
    var position: ByteOffset = isLong ? 17 : 12
    var opaque: UInt64 = 0
    var hasTypes = false
    while true {
      let head = try window.copy(at: position, count: width)
      let size = try size(head)
      guard head.prefix(2).allSatisfy({ $0 >= 0x30 && $0 < 0x7F }), size < 0x4_0000_0000 else {
        throw Malformed("Blender", "no block starts here", at: position)
      }
      let data = try position + ByteCount(clamping: width)
      if head.holds(Array("DNA1".utf8), at: 0) {
        guard try window.holds(Array("SDNANAME".utf8), at: data) else {
          throw Malformed("Blender", "its types are none", at: position)
        }
        hasTypes = true
      }
      if size > Self.block { opaque &+= size }
      position = try data + ByteCount(size)
      guard position <= file.range.upperBound else { throw Truncated() }
      if head.holds(Self.last, at: 0) { break }
    }
    guard hasTypes else { throw Malformed("Blender", "it says nothing of its types", at: 12) }
    return .whole(
      "blend", "Blender", end: position,
      and: opaque > position.rawValue / 8 ? [.payloadUnchecked] : [])
  }

  private func size(_ head: [UInt8]) throws(Truncated) -> UInt64 {
    if isLong { return try head.little(UInt64.self, at: 16) }
    return UInt64(
      isBigEndian ? try head.big(UInt32.self, at: 4) : try head.little(UInt32.self, at: 4))
  }
}
