// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A UDF file system in an image with sectors of 2048 bytes: the anchor in sector 256 leads to the
/// volume's descriptors, and a last anchor stands at the image's end.
///
///     tag: u16 kind   4  u8 sum of the other 15 bytes   12  u32 sector
///     anchor (2): 16  u32 bytes, u32 sector of the descriptors, again at 24 for their copy
///     volume (1): 24  name   partition (5): 188  u32 first sector, u32 sectors
///
/// - Source: ECMA-167, part 3, §7.2 "Descriptor tag", §10.2 "Anchor Volume Descriptor Pointer",
///   §10.5 "Partition Descriptor".
struct UDFVolume {
  private static let sector: UInt64 = 2048
  private static let mostDescriptors: UInt64 = 64
  /// How far the last anchor may stand behind the partition.
  private static let farthest: UInt64 = 300

  private let file: Source

  init(_ file: Source) { self.file = file }

  /// An image that holds nothing else.
  func examination() throws -> Examination {
    let names = try (1...8).map {
      try file.readPrefix(at: ByteOffset(0x8001 + $0 * 2048), count: 4)
    }
    let end = try end(after: 0)
    guard names.contains(Array("NSR0".utf8)), end > 0 else {
      throw Malformed("UDF", "it has no anchor", at: 0x8000)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("iso", "UDF", end: end, and: [.payloadUnchecked])
    result.name = try name()
    return result
  }

  /// Where its partitions, its descriptors and its last anchor end; zero where there is no such
  /// file system.
  func end(after other: ByteOffset) throws -> ByteOffset {
    guard let anchor = try descriptor(2, at: 256) else { return 0 }
    var end: UInt64 = 0
    for field in [16, 24] {
      let count = UInt64(try anchor.little(UInt32.self, at: field)) / Self.sector
      let start = UInt64(try anchor.little(UInt32.self, at: field + 4))
      end = max(end, start + count)
      for sector in start..<(start + min(count, Self.mostDescriptors)) {
        guard let partition = try descriptor(5, at: sector) else { continue }
        let first = UInt64(try partition.little(UInt32.self, at: 188))
        end = max(end, first + UInt64(try partition.little(UInt32.self, at: 192)))
      }
    }
    let from = max(end, other.rawValue / Self.sector, 257)
    for sector in (from - 1)..<(from + Self.farthest) where try descriptor(2, at: sector) != nil {
      end = sector + 1
    }
    return ByteOffset(end * Self.sector)
  }

  /// The name in the primary volume descriptor: a byte for the kind of text, then the text.
  private func name() throws -> String? {
    guard let anchor = try descriptor(2, at: 256) else { return nil }
    let start = UInt64(try anchor.little(UInt32.self, at: 20))
    for sector in start..<(start + Self.mostDescriptors) {
      guard let volume = try descriptor(1, at: sector) else { continue }
      let text = volume[25..<55]
      return ContentText.text(volume[24] == 16 ? text.filter { $0 != 0 } : Array(text))
    }
    return nil
  }

  /// The first 512 bytes of a descriptor of this kind, whose tag names the sector it stands in.
  private func descriptor(_ kind: UInt16, at sector: UInt64) throws -> [UInt8]? {
    let bytes = try file.readPrefix(at: ByteOffset(sector &* Self.sector), count: 512)
    guard bytes.count == 512, try bytes.little(UInt16.self, at: 0) == kind,
      try bytes.little(UInt32.self, at: 12) == sector,
      bytes[0..<16].reduce(0 &- bytes[4], &+) == bytes[4]
    else { return nil }
    return bytes
  }
}
