// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Apple's disk images with zlib: compressed blocks, the first of which holds a driver map, a
  /// property list of the blocks, and a trailer that says where both stand.
  ///
  /// Other images begin with the disk's own bytes, and are not met.
  ///
  /// | Offset | Size | Field    | Unit                                      |
  /// |-------:|-----:|----------|-------------------------------------------|
  /// |   0x00 |    4 | `koly`   | trailer of 512 bytes; big-endian          |
  /// |   0x18 |   16 | data     | offset and size of the blocks             |
  /// |   0x50 |   12 | checksum | 2: CRC-32; its bits, its value            |
  /// |   0xD8 |   16 | list     | offset and size of the property list      |
  ///
  /// - Source: J. Levin, *Demystifying the DMG File Format*; libdmg-hfsplus, `dmg.h`.
  package static let dmg = FileFormat(
    id: "dmg", name: "Apple disk image", category: .archive, validation: .checksums,
    // The usual first bytes of a compressed driver map.
    signatures: [
      Signature([0x78, 0x01, 0x73, 0x0D, 0x62, 0x62, 0x60]),
      Signature([0x78, 0xDA, 0x73, 0x0D, 0x62, 0x62, 0x60]),
      Signature([0x78, 0x9C, 0x73, 0x0D, 0x62, 0x62, 0x60]),
    ],
    maximumSize: 0x10_0000_0000
  ) { file in
    try DMGWalk(file).examination()
  }
}

/// The walk over an image's blocks up to its trailer.
private struct DMGWalk {
  /// How far the list may stand behind the last block that is a stream of its own.
  private static let farthest: UInt64 = 0x200_0000
  private static let longestBlock: UInt64 = 0x400_0000
  private static let piece: UInt64 = 0x10_0000
  private static let storedSize: UInt64 = 0x4_0000
  private static let mostStored: UInt64 = 512
  private static let listStart = Array("<?xml version=\"1.0\"".utf8)
  private static let listKey = Array("<key>resource-fork</key>".utf8)
  private static let mostLists = 16

  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var position: ByteOffset = 0
    var blocks: UInt64 = 0
    while let next = try streamEnd(from: position) {
      position = next
      blocks &+= 1
    }
    let evidence: [Evidence] = blocks > 1 ? [.headerMatched("dmg")] : []
    guard let trailer = try trailer(from: position) else {
      if position.advancedClamped(by: ByteCount(Self.farthest)) >= file.range.upperBound {
        return .truncated(at: position, evidence: evidence)
      }
      return .broken(at: position, problem: "no trailer follows its blocks", evidence: evidence)
    }
    return try complete(trailer, evidence)
  }

  /// Where the next compressed block ends, behind blocks that were stored since they would not
  /// shrink.
  private func streamEnd(from position: ByteOffset) throws -> ByteOffset? {
    for stored in 0...Self.mostStored {
      let start = position.advancedClamped(by: ByteCount(stored * Self.storedSize))
      guard try isStream(at: start) else { continue }
      let block = try Inflation.inflate(file, from: start, wrapper: .zlib, limit: Self.longestBlock)
      if block.end == .complete { return start.advancedClamped(by: block.consumed) }
    }
    return nil
  }

  private func isStream(at position: ByteOffset) throws -> Bool {
    let head = try file.readPrefix(at: position, count: 2)
    return head.count == 2 && head[0] == 0x78 && [0x01, 0x5E, 0x9C, 0xDA].contains(head[1])
  }

  /// Looks for the property list and the trailer behind it, which names where the list stands:
  /// stored blocks may come before.
  private func trailer(from start: ByteOffset) throws -> ByteOffset? {
    let stop = min(file.range.upperBound, start.advancedClamped(by: ByteCount(Self.farthest)))
    var at = start
    var lists = 0
    while at < stop, lists < Self.mostLists {
      let bytes = try file.readPrefix(at: at, count: ByteCount(Self.piece + 512))
      var index = 0
      while let place = bytes.withSpan({ $0.firstIndex(of: Self.listStart, from: index) }) {
        index = place + 1
        let head = Array(bytes[place..<min(place + 512, bytes.count)])
        guard head.withSpan({ $0.firstIndex(of: Self.listKey) }) != nil else { continue }
        if let found = try trailer(behind: at + ByteCount(clamping: place)) { return found }
        lists += 1
      }
      at = at.advancedClamped(by: ByteCount(Self.piece))
    }
    return nil
  }

  private func trailer(behind list: ByteOffset) throws -> ByteOffset? {
    let bytes = try file.readPrefix(at: list, count: 0x80_0000)
    let mark = Array("koly".utf8) + [0, 0, 0, 4, 0, 0, 2, 0]
    guard let place = bytes.withSpan({ $0.firstIndex(of: mark) }) else { return nil }
    let trailer = try list + ByteCount(clamping: place)
    guard let fields = try? bytes.copy(at: place, count: 512),
      try fields.big(UInt64.self, at: 0xD8) == list.rawValue,
      try fields.big(UInt64.self, at: 0xE0) == UInt64(clamping: place)
    else { return nil }
    return trailer
  }

  private func complete(_ trailer: ByteOffset, _ evidence: [Evidence]) throws -> Examination {
    let fields = try file.read(at: trailer, count: 512)
    let start = ByteOffset(try fields.big(UInt64.self, at: 0x18))
    let end = try start + ByteCount(fields.big(UInt64.self, at: 0x20))
    guard end <= trailer else {
      return .broken(at: trailer, problem: "its trailer is wrong", evidence: evidence)
    }
    var proof = Evidence.payloadUnchecked
    if try fields.big(UInt32.self, at: 0x50) == 2 {
      var crc = CRC32(.iso)
      var at = start
      while at < end {
        let next = min(end, at.advancedClamped(by: 0x10_0000))
        try file.withBytes(in: at..<next) { crc.update($0) }
        at = next
      }
      guard crc.value == (try fields.big(UInt32.self, at: 0x58)) else {
        return .broken(
          at: start, problem: "the checksum of its content is wrong", evidence: evidence)
      }
      proof = .checksumsHold(count: 1, kind: "CRC-32")
    }
    return .whole("dmg", "DMG", end: try trailer + 512, and: [proof])
  }
}
