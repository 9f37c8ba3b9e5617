// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// KeePass password databases. Since version 4 a header with its SHA-256, then blocks with their
  /// sizes up to an empty one; before, a header, and encrypted bytes whose end nothing tells but
  /// the zeros behind them.
  ///
  ///     0  03 D9 A2 9A   4  67 FB 4B B5, or 65 …: the first KeePass   8  u16 minor, u16 major
  ///     field: u8 id, u32 size (before 4: u16), value; id 0 is the last
  ///     block: HMAC of 32 bytes, u32 size, data
  ///     first KeePass: 124 bytes, then the data
  ///
  /// - Source: D. Reichl, *KeePass: KDBX 4*; KeePass 1.x, `PwStructs.h`.
  package static let keePass = FileFormat(
    id: "kdbx", name: "KeePass database", category: .database, extensions: ["kdbx", "kdb"],
    validation: .size,
    signatures: [
      Signature([3, 0xD9, 0xA2, 0x9A, 0x67, 0xFB, 0x4B, 0xB5]),
      Signature([3, 0xD9, 0xA2, 0x9A, 0x65, 0xFB, 0x4B, 0xB5]),
    ],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      let isFirst = (try? bytes.little(UInt8.self, at: 4)) == 0x65
      return isFirst || (1...4).contains((try? bytes.little(UInt16.self, at: 10)) ?? 0)
    }
  ) { file in
    try Examination.walk("kdbx", file) { try KeePassWalk(file).examination() }
  }
}

private struct KeePassWalk {
  private static let mostFields = 64
  private static let longestField: UInt64 = 0x10_0000
  private static let longestBlock: UInt64 = 0x1000_0000
  private static let mostSectors = 0x1_0000
  private static let cipherBlock = 16

  private let file: Source
  private let isFirst: Bool
  private let version: UInt16

  init(_ file: Source) throws {
    self.file = file
    let head = try file.read(at: 0, count: 12)
    isFirst = head[4] == 0x65
    version = try head.little(UInt16.self, at: 10)
  }

  func examination() throws -> Examination {
    if isFirst { return try sealed(from: 124, type: "kdb") }
    let data = try headerEnd()
    if version < 4 { return try sealed(from: data, type: "kdbx") }
    var hash = SHA256()
    try file.withBytes(in: 0..<data) { hash.update($0) }
    guard hash.finish() == (try file.read(at: data, count: 32)) else {
      throw Malformed("KeePass", "the checksum of its header is wrong", at: data)
    }
    var position = try data + 64
    while true {
      let size = UInt64(try file.little(UInt32.self, at: position + 32))
      guard size <= Self.longestBlock else {
        throw Malformed("KeePass", "no block starts here", at: position)
      }
      position = try position + 36 + ByteCount(size)
      guard position <= file.range.upperBound else { throw Truncated() }
      if size == 0 { break }
    }
    return Examination.whole("kdbx", "KeePass", end: position, and: [.payloadUnchecked])
  }

  private func headerEnd() throws -> ByteOffset {
    var position: ByteOffset = 12
    for _ in 0..<Self.mostFields {
      let id = try file.little(UInt8.self, at: position)
      let size =
        version < 4
        ? UInt64(try file.little(UInt16.self, at: position + 1))
        : UInt64(try file.little(UInt32.self, at: position + 1))
      guard id <= 13, size <= Self.longestField else { break }
      position = try position + (version < 4 ? 3 : 5) + ByteCount(size)
      guard position <= file.range.upperBound else { throw Truncated() }
      if id == 0 { return position }
    }
    throw Malformed("KeePass", "no field of the header starts here", at: position)
  }

  /// Encrypted bytes go on, a block of the cipher at a time, until zeros fill the rest of a sector.
  private func sealed(from start: ByteOffset, type: String) throws -> Examination {
    var position = start
    for _ in 0..<Self.mostSectors {
      let rest = 512 - Int(position.rawValue % 512)
      let bytes = try file.readPrefix(at: position, count: ByteCount(clamping: rest))
      let filled = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
      // A zero may be the last of a block's own bytes; a whole block of them is not.
      if bytes.count < rest || filled + Self.cipherBlock <= rest {
        let before = (start..<position).length.rawValue
        let total = Int(clamping: before) + filled
        let whole = (total + Self.cipherBlock - 1) / Self.cipherBlock * Self.cipherBlock
        let end = start.advancedClamped(by: ByteCount(clamping: whole))
        guard whole > 0, end <= file.range.upperBound else { throw Truncated() }
        var result = Examination.whole(
          "kdbx", "KeePass", end: end, and: [.endReasoned, .payloadUnchecked])
        result.type = type
        return result
      }
      position = try position + ByteCount(clamping: rest)
    }
    throw Malformed("KeePass", "it does not end", at: position)
  }
}
