// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Microsoft cabinet: folders, files, then the folders' data in blocks, each with its checksum.
  ///
  /// | Offset | Size | Field          | Unit                                              |
  /// |-------:|-----:|----------------|---------------------------------------------------|
  /// |   0x00 |    4 | "MSCF"         |                                                   |
  /// |   0x08 |    4 | cabinet size   | bytes                                             |
  /// |   0x10 |    4 | first file     | offset                                            |
  /// |   0x18 |    2 | version        | 3, 1                                              |
  /// |   0x1A |    2 | folders        |                                                   |
  /// |   0x1C |    2 | files          |                                                   |
  /// |   0x1E |    2 | flags          | 1, 2: other cabinets' names; 4: reserved areas    |
  ///
  /// - Source: Microsoft, *[MS-CAB] Cabinet File Format*, §2.
  package static let cabinet = FileFormat(
    id: "cab", name: "Microsoft cabinet", category: .archive, validation: .checksums,
    signatures: [Signature("MSCF\0\0\0\0")], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 8),
        let files = try? bytes.little(UInt32.self, at: 0x10),
        let flags = try? bytes.little(UInt16.self, at: 0x1E)
      else { return false }
      return bytes.holds([3, 1], at: 0x18) && size >= 0x2C && files < size && flags < 8
        && bytes.holds([0, 0, 0, 0], at: 0x14)
    }
  ) { file in
    try Examination.walk("cab", file) { try CabinetWalk(file).examination() }
  }
}

/// The walk over a cabinet's folders and their blocks.
private struct CabinetWalk {
  private struct Folder {
    let start: ByteOffset
    let blocks: Int
  }

  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0x24
  private var signature: Range<ByteOffset>?
  private var reservedInFolder = 0
  private var reservedInBlock = 0
  private var sums: UInt64 = 0
  private var isProven = true
  /// Behind the last block.
  private var reach: ByteOffset = 0

  init(_ file: Source) {
    self.file = file
    window = Window(file)
  }

  func examination() throws -> Examination {
    var walk = self
    let size = ByteOffset(UInt64(try file.little(UInt32.self, at: 8)))
    let flags = try file.little(UInt16.self, at: 0x1E)
    if flags & 4 != 0 { try walk.takeReserve() }
    for flag: UInt16 in [1, 2] where flags & flag != 0 { try walk.skipNames() }
    let folders = try walk.folders()
    for folder in folders { try walk.follow(folder, before: size) }
    guard size <= file.range.upperBound else { throw Truncated() }
    // A signature may follow the cabinet.
    var end = size
    if let signature = walk.signature, signature.lowerBound == size { end = signature.upperBound }
    guard end <= file.range.upperBound else { throw Truncated() }
    let covers = walk.isProven && walk.sums > 0 && walk.reach == size
    // Nothing speaks for the signature itself.
    if covers, end > size { return .whole("cab", "cabinet", end: end) }
    return .whole(
      "cab", "cabinet", end: end,
      and: covers ? [.checksumsHold(count: walk.sums, kind: "XOR")] : [.payloadUnchecked])
  }

  /// Sizes of the reserved areas: of the header's, which may point at a signature, of each folder's
  /// and of each block's.
  private mutating func takeReserve() throws {
    let size = Int(try window.little(UInt16.self, at: position))
    reservedInFolder = Int(try window.byte(at: position + 2))
    reservedInBlock = Int(try window.byte(at: position + 3))
    if size >= 20, try window.holds([0, 0, 0x10, 0], at: position + 4) {
      let start = try window.little(UInt32.self, at: position + 8)
      let count = try window.little(UInt32.self, at: position + 12)
      signature = try Range(at: ByteOffset(UInt64(start)), count: ByteCount(UInt64(count)))
    }
    position = try position + 4 + ByteCount(clamping: size)
  }

  /// The names of a cabinet and of its disk.
  private mutating func skipNames() throws {
    for _ in 0..<2 {
      let bytes = try file.readPrefix(at: position, count: 257)
      guard let end = bytes.firstIndex(of: 0) else {
        throw Malformed("cabinet", "a name does not end", at: position)
      }
      position = try position + ByteCount(clamping: end + 1)
    }
  }

  /// Folders: u32 offset of the first block, u16 number of blocks, u16 method.
  private mutating func folders() throws -> [Folder] {
    var folders: [Folder] = []
    for _ in 0..<(try window.little(UInt16.self, at: 0x1A)) {
      let start = ByteOffset(UInt64(try window.little(UInt32.self, at: position)))
      let blocks = Int(try window.little(UInt16.self, at: position + 4))
      guard try window.little(UInt16.self, at: position + 6) & 0xF < 4 else {
        throw Malformed("cabinet", "a folder is wrong", at: position)
      }
      folders.append(Folder(start: start, blocks: blocks))
      position = try position + 8 + ByteCount(clamping: reservedInFolder)
    }
    return folders
  }

  /// Blocks: u32 checksum (0: none), u16 size, u16 size unpacked, reserved area, data.
  private mutating func follow(_ folder: Folder, before end: ByteOffset) throws {
    // Folders' data stand in order; one block counted for many folders would never end.
    guard folder.start >= reach else {
      throw Malformed("cabinet", "its folders overlap", at: folder.start)
    }
    var at = folder.start
    for _ in 0..<folder.blocks {
      let stated = try window.little(UInt32.self, at: at)
      let sizes = try window.little(UInt32.self, at: at + 4)
      let count = Int(sizes & 0xFFFF)
      let data = try at + 8 + ByteCount(clamping: reservedInBlock)
      let behind = try data + ByteCount(clamping: count)
      guard behind <= end, count > 0 else {
        throw Malformed("cabinet", "a block does not fit", at: at)
      }
      if stated == 0 {
        isProven = false
      } else {
        guard Self.sum(try window.copy(at: data, count: count)) ^ sizes == stated else {
          throw Malformed("cabinet", "the checksum of a block is wrong", at: at)
        }
        sums &+= 1
      }
      at = behind
    }
    reach = max(reach, at)
  }

  /// The XOR of all words; of up to three bytes at the end, the first is the highest.
  private static func sum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0
    var index = 0
    while let word = try? bytes.little(UInt32.self, at: index) {
      sum ^= word
      index += 4
    }
    return sum ^ bytes[index...].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
