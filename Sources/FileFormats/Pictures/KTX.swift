// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Khronos textures, versions 1 and 2: a header, keys and values, and levels of pixels, each with its
  /// size.
  ///
  ///     1  AB `KTX 11` BB 0D 0A 1A 0A, u32 01020304, twelve numbers: … 48 layers, 52 faces, 56 levels,
  ///        60 bytes of keys; 64 keys; then for each level u32 size, pixels, filled up to four bytes
  ///     2  AB `KTX 20` BB 0D 0A 1A 0A … 40 levels, 48 u32 offset and length of the description, 56 of the
  ///        keys, 64 u64 of what the levels share; 80 u64 offset, length, unpacked length of each level
  ///
  /// - Source: Khronos Group, *KTX File Format Specification*, versions 1 and 2.0.
  package static let ktx = FileFormat(
    id: "ktx", name: "Khronos texture", category: .photo, extensions: ["ktx", "ktx2"],
    validation: .size,
    signatures: ["11", "20"].map {
      Signature([0xAB] + Array("KTX \($0)".utf8) + [0xBB, 0x0D, 0x0A, 0x1A, 0x0A])
    },
    maximumSize: 0x1_0000_0000
  ) { file in
    try Examination.walk("ktx", file) {
      let isNew = try file.read(at: 5, count: 1) == [0x32]
      let end = try isNew ? KTXWalk.endOfSecond(file) : KTXWalk.endOfFirst(file)
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("ktx", "KTX", end: end, and: [.payloadUnchecked])
      result.type = isNew ? "ktx2" : "ktx"
      return result
    }
  }
}

/// Where Khronos textures end.
private enum KTXWalk {
  static func endOfFirst(_ file: Source) throws -> ByteOffset {
    let head = try file.read(at: 0, count: 64)
    let isLittle = try head.little(UInt32.self, at: 12) == 0x0403_0201
    guard try isLittle || head.big(UInt32.self, at: 12) == 0x0403_0201 else {
      throw Malformed("KTX", "no byte order", at: 12)
    }
    let number = { (bytes: [UInt8], index: Int) in
      UInt64(
        isLittle ? try bytes.little(UInt32.self, at: index) : try bytes.big(UInt32.self, at: index))
    }
    let layers = try number(head, 48)
    let faces = try number(head, 52)
    let levels = max(1, try number(head, 56))
    let keys = try number(head, 60)
    guard levels <= 32, faces == 1 || faces == 6 else {
      throw Malformed("KTX", "an impossible header", at: 16)
    }
    var end = try ByteOffset(64) + ByteCount(keys)
    // The size is that of one face, where there are six of one layer.
    let times: UInt64 = faces == 6 && layers == 0 ? 6 : 1
    for _ in 0..<levels {
      let size = try number(file.read(at: end, count: 4), 0)
      guard size > 0 else { throw Malformed("KTX", "a level of no size", at: end) }
      end = try end + 4 + ByteCount((size &+ 3) & ~3) * times
    }
    return end
  }

  static func endOfSecond(_ file: Source) throws -> ByteOffset {
    let head = try file.read(at: 0, count: 80)
    let levels = max(1, UInt64(try head.little(UInt32.self, at: 40)))
    guard levels <= 32 else { throw Malformed("KTX", "too many levels", at: 40) }
    var end = try ByteOffset(80) + ByteCount(levels &* 24)
    for index in [48, 56] {
      let place = UInt64(try head.little(UInt32.self, at: index))
      let length = UInt64(try head.little(UInt32.self, at: index + 4))
      end = max(end, try ByteOffset(place) + ByteCount(length))
    }
    let shared = try ByteOffset(head.little(UInt64.self, at: 64))
    end = max(end, try shared + ByteCount(head.little(UInt64.self, at: 72)))
    let table = try file.read(at: 80, count: ByteCount(levels &* 24))
    for level in 0..<Int(clamping: levels) {
      let place = ByteOffset(try table.little(UInt64.self, at: 24 * level))
      let length = ByteCount(try table.little(UInt64.self, at: 24 * level + 8))
      guard place >= 80, length > 0 else { throw Malformed("KTX", "an impossible level", at: 80) }
      end = max(end, try place + length)
    }
    return end
  }
}
