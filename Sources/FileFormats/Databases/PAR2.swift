// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Parity for files on Usenet: packets, each with the MD5 of its content. Nothing marks the end,
  /// but writers put the packet that names them last.
  ///
  ///     0  "PAR2\0PKT"   8  u64 bytes of the packet   16  MD5 of all from 32 on   32  set
  ///     48  type
  ///     file description: 64  file   80  MD5, of the first 16 KiB at 96   112  u64 size
  ///     120  name
  ///
  /// - Source: M. Nahas and others, *Parity Volume Set Specification 2.0*.
  package static let par2 = FileFormat(
    id: "par2", name: "PAR2 parity", category: .archive, validation: .checksums,
    signatures: [Signature([0x50, 0x41, 0x52, 0x32, 0, 0x50, 0x4B, 0x54])],
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt64.self, at: 8) else { return false }
      return size >= 64 && size % 4 == 0 && size < 1 << 40
        && bytes.holds(Array("PAR 2.0\0".utf8), at: 48)
    }
  ) { file in
    try Examination.walk("par2", file) {
      var walk = PAR2Walk(file)
      return try walk.examination()
    }
  }
}

private struct PAR2Walk {
  private let file: Source
  private var position: ByteOffset = 0
  private var checked: UInt64 = 0
  private var set: [UInt8] = []
  private var lastType = ""
  private var name: String?

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    while try packet() {}
    guard checked > 0, try SectorSlack.isEmpty(in: file, from: position) else {
      throw Malformed("PAR2", "no packet starts here", at: position)
    }
    var result = Examination.whole(
      "par2", "PAR2", end: position,
      and: [.checksumsHold(count: checked, kind: "MD5")]
        + (lastType == "Creator" ? [] : [.endReasoned]))
    result.name = name
    return result
  }

  /// Takes a packet; false where none of this set follows.
  private mutating func packet() throws -> Bool {
    let head = try file.readPrefix(at: position, count: 64)
    guard head.holds([0x50, 0x41, 0x52, 0x32, 0, 0x50, 0x4B, 0x54], at: 0) else { return false }
    guard head.count == 64 else { throw Truncated() }
    let own = Array(head[32..<48])
    if !set.isEmpty, own != set { return false }
    let size = ByteCount(try head.little(UInt64.self, at: 8))
    let end = try position + size
    guard size >= 64, size.rawValue % 4 == 0 else {
      throw Malformed("PAR2", "a packet's size is none", at: position)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    var hash = MessageDigest(.md5)
    var at = try position + 32
    while at < end {
      let next = min(end, at.advancedClamped(by: 0x10_0000))
      try file.withBytes(in: at..<next) { hash.update($0) }
      at = next
    }
    guard hash.finish() == Array(head[16..<32]) else {
      throw Malformed("PAR2", "the checksum of a packet is wrong", at: position)
    }
    lastType = ContentText.text(head[56..<64]) ?? ""
    if lastType == "FileDesc", name == nil, size > 120 {
      let bytes = try file.read(at: position + 120, count: min(ByteCount(size.rawValue - 120), 512))
      name = ContentText.text(bytes)
    }
    (set, position, checked) = (own, end, checked &+ 1)
    return true
  }
}
