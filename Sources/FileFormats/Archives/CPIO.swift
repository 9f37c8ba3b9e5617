// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// cpio archive in the two text dialects: members, each a header of octal or hexadecimal digits,
  /// a name and data, up to one named `TRAILER!!!`; then zeros to a multiple of 512 bytes.
  ///
  ///     070701, 070702   13 fields of 8 hexadecimal digits; name and data padded to four bytes
  ///     070707           octal: seven of 6, mtime 11, name size 6, size 11; no padding
  ///
  /// - Source: FreeBSD, *cpio(5)*; Linux, *initramfs buffer format* for the sum in 070702.
  package static let cpio = FileFormat(
    id: "cpio", name: "cpio archive", category: .archive, validation: .size,
    signatures: [Signature("070701"), Signature("070702"), Signature("070707")],
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: 200) else { return false }
      return CPIOMember(head) != nil
    }
  ) { file in
    try Examination.walk("cpio", file) { try CPIOWalk(file).examination() }
  }
}

/// The header of a member.
private struct CPIOMember {
  let mode: UInt64
  let time: UInt64
  let size: UInt64
  let nameSize: UInt64
  /// The sum of the data's bytes.
  let sum: UInt64?
  let headerSize: UInt64
  let alignment: UInt64

  init?(_ bytes: [UInt8]) {
    let isOld = bytes.holds(Array("070707".utf8), at: 0)
    func number(_ start: Int, _ count: Int) -> UInt64? {
      guard let digits = try? bytes.copy(at: start, count: count) else { return nil }
      return UInt64(String(decoding: digits, as: UTF8.self), radix: isOld ? 8 : 16)
    }
    guard isOld || bytes.holds(Array("07070".utf8), at: 0),
      let mode = isOld ? number(18, 6) : number(14, 8),
      let links = isOld ? number(36, 6) : number(38, 8),
      let time = isOld ? number(48, 11) : number(46, 8),
      let nameSize = isOld ? number(59, 6) : number(94, 8),
      let size = isOld ? number(65, 11) : number(54, 8),
      let owner = isOld ? number(24, 12) : number(22, 8), let sum = isOld ? 0 : number(102, 8),
      nameSize > 1, nameSize <= 4097, links <= 0xFFFF, mode <= 0xFFFF, owner < 1 << 36
    else { return nil }
    self.mode = mode
    self.time = time
    self.nameSize = nameSize
    self.size = size
    self.sum = bytes[5] == 0x32 ? sum : nil
    headerSize = isOld ? 76 : 110
    alignment = isOld ? 1 : 4
  }
}

private struct CPIOWalk {
  private static let mostMembers = 10_000_000
  private let file: Source
  private var window: Window
  private var name: String?
  private var date: Timestamp?
  private var sums: UInt64 = 0
  private var isSummed = true

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x1000)
  }

  func examination() throws -> Examination {
    var walk = self
    var position: ByteOffset = 0
    for _ in 0..<Self.mostMembers {
      guard let end = try walk.member(&position) else { continue }
      return try walk.complete(at: end)
    }
    throw Malformed("cpio", "there are too many members", at: position)
  }

  /// Moves on behind a member; gives the end where it was the last one.
  private mutating func member(_ position: inout ByteOffset) throws -> ByteOffset? {
    let head = try file.readPrefix(at: position, count: 110)
    guard head.count >= 76 else { throw Truncated() }
    guard let member = CPIOMember(head) else {
      if head.count < 110 { throw Truncated() }
      throw Malformed("cpio", "no member starts here", at: position)
    }
    let nameStart = try position + ByteCount(member.headerSize)
    let bytes = try window.copy(at: nameStart, count: Int(clamping: member.nameSize))
    guard bytes.last == 0, let path = ContentText.text(bytes) else {
      throw Malformed("cpio", "a name does not end", at: nameStart)
    }
    let data = try aligned(nameStart + ByteCount(member.nameSize), member.alignment)
    let stop = try data + ByteCount(member.size)
    guard stop <= file.range.upperBound else { throw Truncated() }
    if path == "TRAILER!!!", member.size == 0 { return data }
    // The targets of links are not summed.
    let isFile = member.mode & 0xF000 == 0x8000 && member.size > 0
    if let sum = member.sum, isFile {
      guard try sum == summed(data..<stop) else {
        throw Malformed("cpio", "the checksum of a member is wrong", at: data)
      }
      sums &+= 1
    }
    isSummed = isSummed && member.sum != nil
    describe(path, member)
    position = try aligned(stop, member.alignment)
    return nil
  }

  private func aligned(_ offset: ByteOffset, _ size: UInt64) throws -> ByteOffset {
    try offset + ByteCount((size - offset.rawValue % size) % size)
  }

  private func summed(_ range: Range<ByteOffset>) throws -> UInt64 {
    var sum: UInt32 = 0
    var at = range.lowerBound
    while at < range.upperBound {
      let next = min(range.upperBound, at.advancedClamped(by: 0x1_0000))
      for byte in try file.read(at: at, count: (at..<next).length) { sum &+= UInt32(byte) }
      at = next
    }
    return UInt64(sum)
  }

  private mutating func describe(_ path: String, _ member: CPIOMember) {
    guard name == nil else { return }
    let first = path.split(separator: "/").first { $0 != "." }
    name = first.map { String($0) }
    if member.time > 0 { date = Timestamp(seconds: Int64(clamping: member.time)) }
  }

  private func complete(at stop: ByteOffset) throws -> Examination {
    let filled = try aligned(stop, 512)
    let rest = try file.readPrefix(at: stop, count: (stop..<filled).length)
    let isFilled = filled <= file.range.upperBound && rest.allSatisfy { $0 == 0 }
    let proof: Evidence =
      isSummed && sums > 0 ? .checksumsHold(count: sums, kind: "sum") : .payloadUnchecked
    var result = Examination.whole("cpio", "cpio", end: isFilled ? filled : stop, and: [proof])
    result.name = name
    result.date = date
    return result
  }
}
