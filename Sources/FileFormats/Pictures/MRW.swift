// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Minolta's raw pictures: blocks in a block, then the sensor's data, whose size follows from its
  /// dimensions.
  ///
  ///     0  NUL, MRM; MRI where numbers are little-endian    4  u32 size of the blocks, which follow
  ///     a block: NUL and three letters, u32 size; PRD is the sensor, TTW a TIFF structure
  ///     PRD: 8 version, u16 height, u16 width … 17 u8 bits of a pixel, 18 u8 0x59 where packed
  ///
  /// - Source: no specification; the layout is that of ExifTool's and LibRaw's readers.
  package static let mrw = FileFormat(
    id: "mrw", name: "Minolta raw picture", category: .photo, validation: .size,
    signatures: [Signature([0, 0x4D, 0x52, 0x4D]), Signature([0, 0x4D, 0x52, 0x49])],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      bytes.holds([0, 0x50, 0x52, 0x44], at: 8)
        && (bytes.holds([0, 0, 0, 0x18], at: 12) || bytes.holds([0x18, 0, 0, 0], at: 12))
    }
  ) { file in
    try Examination.walk("mrw", file) { try MRWWalk(file).examination() }
  }
}

/// The walk over the blocks of a Minolta raw picture.
private struct MRWWalk {
  private static let packed: UInt8 = 0x59
  private let file: Source
  private let isBigEndian: Bool

  init(_ file: Source) throws {
    self.file = file
    isBigEndian = try file.little(UInt8.self, at: 3) == 0x4D
  }

  private func number<T: FixedWidthInteger>(
    _ type: T.Type, at offset: ByteOffset
  ) throws -> UInt64 {
    UInt64(
      truncatingIfNeeded: isBigEndian
        ? try file.big(type, at: offset) : try file.little(type, at: offset))
  }

  func examination() throws -> Examination {
    let blocks = try ByteOffset(8) + ByteCount(number(UInt32.self, at: 4))
    guard blocks.rawValue < 0x100_0000 else { throw Malformed("MRW", "blocks beyond reason") }
    var position: ByteOffset = 8
    var picture: EXIF?
    while position < blocks {
      let name = try file.read(at: position, count: 4)
      let size = ByteCount(try number(UInt32.self, at: position + 4))
      let data = try position + 8
      guard name[0] == 0, name.dropFirst().allSatisfy({ (0x30...0x5A).contains($0) }) else {
        throw Malformed("MRW", "no block starts here", at: position)
      }
      position = try data + size
      guard position <= blocks else {
        throw Malformed("MRW", "a block reaches beyond the others", at: data)
      }
      if name == [0, 0x54, 0x54, 0x57], position <= file.range.upperBound {
        picture = try? exif(file.slice(data..<position))
      }
    }
    let height = try number(UInt16.self, at: 0x18)
    let width = try number(UInt16.self, at: 0x1A)
    let isPacked = try file.little(UInt8.self, at: 0x22) == Self.packed
    let end = try blocks + ByteCount(isPacked ? height * width * 3 / 2 : height * width * 2)
    guard height > 0, width > 0 else { throw Malformed("MRW", "a sensor without size") }
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("mrw", "MRW", end: end, and: [.payloadUnchecked])
    picture?.describe(&result)
    return result
  }

  private func exif(_ structure: Source) throws -> EXIF {
    let reader = try TIFFReader(structure)
    return EXIF(reader, try TIFFDirectory(reader, at: reader.first))
  }
}
