// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// LHA: members end to end, each a header and its data, up to a byte of zero.
  ///
  /// - Source: K. Okamoto and others, *LHA header format* (header.doc of LHa for UNIX).
  package static let lha = FileFormat(
    id: "lzh", name: "LHA archive", category: .archive, extensions: ["lzh", "lha"],
    validation: .checksums,
    signatures: [Signature("-lh", at: 2), Signature("-lz", at: 2)], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(bytes.byteCount, 300)) else {
        return false
      }
      return (try? LHAHeader(head)) != nil
    }
  ) { file in
    // The mark is short: before a member holds, a walk that breaks proves nothing.
    try LHAWalk(file).checkFirst()
    return try Examination.walk("lzh", file) { try LHAWalk(file).examination() }
  }
}

/// The header of a member, of levels 0 to 2.
///
///     0, 1:  0 u8 size   1 u8 sum of the bytes behind   2 "-lh5-"   7 u32 packed size   11 u32 size
///            19 u8 attribute   20 u8 level   21 u8 name length, name, u16 CRC-16
///            1: the packed size includes further headers: u16 size of the first, at the end of this
///     2:     0 u16 size of all headers   20 u8 level   21 u16 CRC-16   24 u16 size of the next
private struct LHAHeader {
  let level: UInt8
  let method: String
  let packedSize: UInt64
  let crc: UInt16
  /// Of this header; those that follow one of level 1 count as data.
  let length: Int
  /// Of the first header that follows one of level 1.
  let more: Int

  init(_ bytes: [UInt8]) throws {
    let mark = try bytes.copy(at: 2, count: 5)
    level = try bytes.little(UInt8.self, at: 20)
    method = String(decoding: mark, as: UTF8.self)
    packedSize = UInt64(try bytes.little(UInt32.self, at: 7))
    guard mark[0] == 0x2D, mark[1] == 0x6C, mark[4] == 0x2D, Self.isMethod(mark), level <= 2 else {
      throw Malformed("LHA", "no member starts here")
    }
    if level == 2 {
      length = Int(try bytes.little(UInt16.self, at: 0))
      crc = try bytes.little(UInt16.self, at: 21)
      more = 0
      guard length >= 26, length & 0xFF != 0, try bytes.little(UInt16.self, at: 24) < length else {
        throw Malformed("LHA", "the size of a header is wrong")
      }
      return
    }
    length = Int(bytes[0]) + 2
    let name = Int(try bytes.little(UInt8.self, at: 21))
    let body = try bytes.copy(at: 2, count: length - 2)
    guard body.reduce(0, &+) == bytes[1], 24 + name <= length else {
      throw Malformed("LHA", "the checksum of a header is wrong")
    }
    crc = try bytes.little(UInt16.self, at: 22 + name)
    more = level == 1 ? Int(try bytes.little(UInt16.self, at: length - 2)) : 0
  }

  private static func isMethod(_ mark: [UInt8]) -> Bool {
    let letter = mark[3]
    let isDigit = (0x30...0x39).contains(letter)
    return mark[2] == 0x68
      ? isDigit || letter == 0x64 || letter == 0x78
      : mark[2] == 0x7A && (isDigit || letter == 0x73)
  }
}

/// The walk over the members of an LHA archive.
private struct LHAWalk {
  private static let mostMembers = 1_000_000
  private static let mostHeaders = 64
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0
  private var proof = RARProof()
  private var members = 0

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    while walk.members < Self.mostMembers {
      if try walk.members > 0 && walk.window.byte(at: walk.position) == 0 {
        let end = try walk.position + 1
        return .whole("lzh", "LHA", end: end, and: walk.proof.evidence)
      }
      try walk.takeMember()
    }
    throw Malformed("LHA", "there are too many members", at: position)
  }

  /// Throws where no whole member stands at the start, or no end and no other member behind it.
  func checkFirst() throws {
    var walk = self
    try walk.takeMember()
    if try walk.window.byte(at: walk.position) != 0 {
      _ = try LHAHeader(file.readPrefix(at: walk.position, count: 300))
    }
  }

  private mutating func takeMember() throws {
    let header: LHAHeader
    let bytes = try file.readPrefix(at: position, count: 300)
    do {
      header = try LHAHeader(bytes)
    } catch let error as Malformed {
      throw Malformed("LHA", error.problem, at: position)
    }
    var data = try position + ByteCount(clamping: header.length)
    let end = try data + ByteCount(header.packedSize)
    guard end <= file.range.upperBound else { throw Truncated() }
    var more = header.more
    for _ in 0..<Self.mostHeaders where more > 0 {
      data = try data + ByteCount(clamping: more)
      guard more >= 3, data <= end else {
        throw Malformed("LHA", "a header does not fit its member", at: position)
      }
      more = Int(try window.little(UInt16.self, at: ByteOffset(data.rawValue &- 2)))
    }
    try proof.count(isProven: isProven(header, data: data..<end))
    position = end
    members += 1
  }

  /// Whether the CRC-16 of a member that is stored as it is holds; false where it is packed.
  private func isProven(_ header: LHAHeader, data: Range<ByteOffset>) throws -> Bool {
    guard ["-lh0-", "-lz4-", "-lhd-"].contains(header.method) else { return false }
    if header.method == "-lhd-" { return data.isEmpty }
    var crc = CRC16()
    var at = data.lowerBound
    while at < data.upperBound {
      let next = min(at.advancedClamped(by: 0x10_0000), data.upperBound)
      crc.update(try file.read(at: at, count: (at..<next).length))
      at = next
    }
    guard crc.value == header.crc else {
      throw Malformed("LHA", "the checksum of a member is wrong", at: data.lowerBound)
    }
    return true
  }
}
