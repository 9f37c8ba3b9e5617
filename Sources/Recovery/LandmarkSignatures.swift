// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan
import Volumes

/// How the pass recognises landmarks: a signature each, and a few comparisons on what follows.
enum LandmarkSignatures {
  struct Entry: Sendable {
    let kind: Landmark.Kind
    let signatures: [Signature]
    /// Given the bytes from the landmark's start on.
    let resembles: @Sendable (RawSpan) -> Bool
  }

  /// A kind that is missing here does not compile: the switch names them all.
  static let all: [Entry] = Landmark.Kind.allCases.map(entry)

  private static func entry(_ kind: Landmark.Kind) -> Entry {
    switch kind {
    case .extDirectory:
      // ".", 12 bytes long, a folder: the second half of its entry; ".." follows at once.
      Entry(
        kind: kind,
        signatures: [Signature([0x0C, 0, 1, 2, 0x2E, 0, 0, 0], at: 4, alignment: 1024)]
      ) {
        $0.holds([2, 2, 0x2E, 0x2E], at: 18)
      }
    case .extDirectoryTail:
      // An entry without inode and name, 12 bytes long, of the type 0xDE, then the checksum.
      Entry(kind: kind, signatures: [Signature([0, 0, 0, 0, 0x0C, 0, 0, 0xDE], alignment: 4)]) {
        _ in
        true
      }
    case .extExtentNode:
      Entry(kind: kind, signatures: [Signature([0x0A, 0xF3], alignment: 1024)]) { bytes in
        guard let entries = try? bytes.little(UInt16.self, at: 2),
          let most = try? bytes.little(UInt16.self, at: 4),
          let depth = try? bytes.little(UInt16.self, at: 6)
        else { return false }
        return entries <= most && most >= 80 && most <= 5461 && depth <= 4
      }
    case .fatDirectory:
      // "." padded with spaces, a folder; ".." follows.
      Entry(
        kind: kind,
        signatures: [Signature([0x2E] + [UInt8](repeating: 0x20, count: 10), alignment: 512)]
      ) { $0.holds([0x2E, 0x2E, 0x20, 0x20, 0x20], at: 32) }
    case .extSuperblock:
      // Its magic number; a block size, a state and a revision that there are.
      Entry(kind: kind, signatures: [Signature([0x53, 0xEF], at: 56, alignment: 1024)]) { bytes in
        guard let size = try? bytes.little(UInt32.self, at: 24),
          let state = try? bytes.little(UInt16.self, at: 58),
          let revision = try? bytes.little(UInt32.self, at: 76),
          let inodes = try? bytes.little(UInt32.self, at: 0),
          let perGroup = try? bytes.little(UInt32.self, at: 40)
        else { return false }
        return size <= 6 && state <= 7 && revision <= 1 && inodes > 0 && perGroup > 0
          && inodes % perGroup == 0
      }
    case .journalBlock:
      Entry(
        kind: kind, signatures: [Signature([0xC0, 0x3B, 0x39, 0x98, 0, 0, 0], alignment: 1024)]
      ) { bytes in
        (try? bytes.big(UInt32.self, at: 4)).map { (1...5).contains($0) } ?? false
      }
    case .xfsSuperblock:
      Entry(kind: kind, signatures: [Signature("XFSB", alignment: 512)]) { bytes in
        (try? bytes.big(UInt32.self, at: 4)).map { (512...0x1_0000).contains($0) } ?? false
      }
    case .xfsInode:
      // A version from 1 to 3 and a format of the data fork.
      Entry(kind: kind, signatures: [Signature("IN", alignment: 512)]) { bytes in
        guard let version = try? bytes.little(UInt8.self, at: 4),
          let format = try? bytes.little(UInt8.self, at: 5)
        else { return false }
        return (1...3).contains(version) && format <= 5
      }
    case .xfsDirectory:
      Entry(
        kind: kind,
        signatures: (["XD2B", "XD2D", "XDB3", "XDD3"] as [StaticString]).map {
          Signature($0, alignment: 512)
        }
      ) { _ in true }
    case .xfsMap:
      Entry(
        kind: kind,
        signatures: [Signature("BMAP", alignment: 512), Signature("BMA3", alignment: 512)]
      ) { bytes in
        (try? bytes.big(UInt16.self, at: 4)).map { $0 <= 9 } ?? false
      }
    case .btrfsSuperblock:
      Entry(
        kind: kind, signatures: [Signature("_BHRfS_M", at: 64, alignment: 4096)]
      ) { _ in true }
    case .ntfsRecord:
      // Its update sequence stands behind one of two headers; the first attribute behind that.
      Entry(kind: kind, signatures: [Signature("FILE", alignment: 512)]) { bytes in
        guard let array = try? bytes.little(UInt16.self, at: 4),
          let count = try? bytes.little(UInt16.self, at: 6),
          let first = try? bytes.little(UInt16.self, at: 0x14),
          let size = try? bytes.little(UInt32.self, at: 0x1C)
        else { return false }
        return (array == 0x2A || array == 0x30) && (2...129).contains(count)
          && size == (UInt32(count) - 1) * 512 && first >= array && first < 512
      }
    case .ntfsIndex:
      Entry(kind: kind, signatures: [Signature("INDX", alignment: 512)]) { bytes in
        guard let array = try? bytes.little(UInt16.self, at: 4),
          let count = try? bytes.little(UInt16.self, at: 6)
        else { return false }
        return array == 0x28 && (2...129).contains(count)
      }
    case .ntfsBootSector:
      Entry(kind: kind, signatures: [Signature(masked: [jump, any, any] + ntfs, alignment: 512)]) {
        bytes in
        bytes.holds([0x55, 0xAA], at: 510)
      }
    case .ntfsChange:
      // A page's first entry: versions 2 and 3, a length in whole words, a name right behind the fields.
      Entry(
        kind: kind,
        signatures: [
          Signature([2, 0, 0, 0], at: 4, alignment: 512),
          Signature([3, 0, 0, 0], at: 4, alignment: 512),
        ]
      ) { bytes in
        guard let length = try? bytes.little(UInt32.self, at: 0), length % 8 == 0,
          let version = try? bytes.little(UInt8.self, at: 4)
        else { return false }
        let name: UInt32 = version == 2 ? 0x3C : 0x4C
        guard let count = try? bytes.little(UInt16.self, at: Int(name) - 4), count > 0,
          (try? bytes.little(UInt16.self, at: Int(name) - 2)) == UInt16(name)
        else { return false }
        let end = name + UInt32(count)
        return count % 2 == 0 && count <= 510 && (end..<end + 16).contains(length)
      }
    case .exfatEntrySet:
      // 0x85, 2 to 18 entries; attributes below 0x100; then a stream entry, 0xC0 with two flags. The
      // highest bits of both types are gone where the set was deleted.
      Entry(kind: kind, signatures: [exfatEntrySet]) { bytes in
        (try? bytes.little(UInt8.self, at: 1)).map { (2...18).contains($0) } ?? false
      }
    case .exfatBootSector:
      Entry(
        kind: kind,
        signatures: [Signature([0xEB, 0x76, 0x90] + Array("EXFAT   ".utf8), alignment: 512)]
      ) { $0.holds([0x55, 0xAA], at: 0x1FE) }
    case .fatBootSector:
      // What it calls itself, behind the fields of FAT12 and FAT16 or those of FAT32; a sector size
      // and a count of tables that there are.
      Entry(
        kind: kind,
        signatures: [
          Signature("FAT12   ", at: 0x36, alignment: 512),
          Signature("FAT16   ", at: 0x36, alignment: 512),
          Signature("FAT32   ", at: 0x52, alignment: 512),
        ]
      ) { bytes in
        guard bytes.holds([0x55, 0xAA], at: 0x1FE),
          let sector = try? bytes.little(UInt16.self, at: 0x0B),
          let tables = try? bytes.little(UInt8.self, at: 0x10)
        else { return false }
        return [512, 1024, 2048, 4096].contains(sector) && (1...4).contains(tables)
      }
    case .fatTable:
      // What the medium is, then bits that are all set: two entries' worth on FAT12.
      Entry(
        kind: kind,
        signatures: [
          Signature([0xF8, 0xFF, 0xFF], alignment: 512),
          Signature([0xF0, 0xFF, 0xFF], alignment: 512),
        ]
      ) { _ in true }
    }
  }

  private static let any = Signature.Element(0, mask: 0)
  /// What a boot sector starts with: a short jump over what the volume tells of itself.
  private static let jump = Signature.Element(0xEB)
  private static let ntfs = Array("NTFS    ".utf8).map { Signature.Element($0) }

  private static let exfatEntrySet: Signature = {
    let zero = Signature.Element(0)
    var elements: [Signature.Element] = [.init(0x05, mask: 0x7F), .init(0, mask: 0xE0)]
    elements += [any, any, any, zero, zero, zero]
    elements += [Signature.Element](repeating: any, count: 17)
    elements += [Signature.Element](repeating: zero, count: 7)
    elements += [.init(0x40, mask: 0x7F), .init(0, mask: 0xFC), zero]
    return Signature(masked: elements, alignment: 512)
  }()
}
