// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// ARJ: a header of the archive, then members, each with a header and its checksum, up to a header
  /// of size zero.
  ///
  ///     0  60 EA   2  u16 size   4  header: u8 its first size, 5  method, 6  type (2: archive),
  ///        12 u32 packed size   16 u32 size   20 u32 CRC-32; then name, comment
  ///     behind it: u32 CRC-32; extended headers: u16 size (0: no more), data, u32 CRC-32
  ///
  /// - Source: R. Jung, *ARJ TECHNICAL INFORMATION*.
  package static let arj = FileFormat(
    id: "arj", name: "ARJ archive", category: .archive, validation: .checksums,
    signatures: [Signature([0x60, 0xEA], alignment: 512)], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt16.self, at: 2), (34...2600).contains(size),
        bytes.holds([2], at: 10), let first = try? bytes.little(UInt8.self, at: 4)
      else { return false }
      guard let header = try? bytes.copy(at: 4, count: Int(size)),
        let stated = try? bytes.little(UInt32.self, at: 4 + Int(size))
      else { return (30...50).contains(first) && bytes.byteCount < 2700 }
      var crc = CRC32(.iso)
      crc.update(header)
      return crc.value == stated
    }
  ) { file in
    try Examination.walk("arj", file) { try ARJWalk(file).examination() }
  }
}

/// The walk over the members of an ARJ archive.
private struct ARJWalk {
  private static let mostMembers = 1_000_000
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0
  private var proof = RARProof()

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    _ = try walk.header()
    for _ in 0..<Self.mostMembers {
      guard let header = try walk.header() else {
        return .whole("arj", "ARJ", end: walk.position, and: walk.proof.evidence)
      }
      let end = try walk.position + ByteCount(UInt64(header.little(UInt32.self, at: 12)))
      guard end <= file.range.upperBound else { throw Truncated() }
      walk.proof.count(isProven: try isProven(header, data: walk.position..<end))
      walk.position = end
    }
    throw Malformed("ARJ", "there are too many members", at: position)
  }

  /// Reads a header and those that extend it; nil for the one that ends the archive.
  private mutating func header() throws -> [UInt8]? {
    guard try window.big(UInt16.self, at: position) == 0x60EA else {
      throw Malformed("ARJ", "no member starts here", at: position)
    }
    let size = Int(try window.little(UInt16.self, at: position + 2))
    if size == 0 {
      position = try position + 4
      return nil
    }
    guard (30...2600).contains(size) else {
      throw Malformed("ARJ", "a header is too long", at: position)
    }
    let header = try window.copy(at: position + 4, count: size)
    try takeSummed(header, at: position + 4)
    while true {
      let more = Int(try window.little(UInt16.self, at: position))
      position = try position + 2
      if more == 0 { return header }
      try takeSummed(window.copy(at: position, count: more), at: position)
    }
  }

  private mutating func takeSummed(_ bytes: [UInt8], at start: ByteOffset) throws {
    var crc = CRC32(.iso)
    crc.update(bytes)
    let end = try start + ByteCount(clamping: bytes.count)
    guard try window.little(UInt32.self, at: end) == crc.value else {
      throw Malformed("ARJ", "the checksum of a header is wrong", at: position)
    }
    position = try end + 4
  }

  /// Whether the CRC-32 of a member that is stored as it is holds; false where it is packed, encrypted
  /// or goes on in another volume.
  private func isProven(_ header: [UInt8], data: Range<ByteOffset>) throws -> Bool {
    guard header[5] == 0, header[4] & 5 == 0 else { return data.isEmpty }
    guard try file.crc32(of: data) == header.little(UInt32.self, at: 20) else {
      throw Malformed("ARJ", "the checksum of a member is wrong", at: data.lowerBound)
    }
    return true
  }
}
