// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// gzip: members end to end, each a header, a deflate stream, a CRC-32 and a length.
  ///
  ///     0  1F 8B 08   3  u8 flags   4  u32 time   8  u8 extra flags   9  u8 system
  ///     then as flagged: extra field, name, comment, header CRC; deflate; u32 CRC-32; u32 length
  ///
  /// - Source: RFC 1952.
  package static let gzip = FileFormat(
    id: "gz", name: "gzip archive", category: .archive, extensions: ["gz", "tgz", "svgz"],
    validation: .checksums,
    // Behind the method stand flags, of which three bits are always clear.
    signatures: [Signature(masked: [.init(0x1F), .init(0x8B), .init(8), .init(0, mask: 0xE0)])],
    maximumSize: 0x40_0000_0000,
    resembles: { bytes in
      guard let flags = try? bytes.little(UInt8.self, at: 3),
        let extra = try? bytes.little(UInt8.self, at: 8),
        let system = try? bytes.little(UInt8.self, at: 9),
        let block = try? bytes.little(UInt8.self, at: 10)
      else { return false }
      // A plain member's deflate stream starts at once: its first block is of a known kind.
      return flags <= 0x1F && [0, 2, 4].contains(extra) && (system <= 13 || system == 255)
        && (flags != 0 || block & 6 != 6)
    }
  ) { file in
    try Examination.walk("gz", file) { try GZIPWalk(file).examination() }
  }
}

/// The walk over the members of a gzip file.
private struct GZIPWalk {
  private static let longest: UInt64 = 1 << 42
  private static let sector: UInt64 = 512
  private let file: Source
  private var position: ByteOffset = 0
  private var members: UInt64 = 0
  /// Whether two files may stand there, one behind the other.
  private var isAmbiguous = false
  private var name: String?
  private var date: Timestamp?

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var walk = self
    repeat {
      let start = walk.position
      if let problem = try walk.member() {
        // What begins a sector behind a whole member need not be one.
        let mayBeAnother = walk.members > 0 && start.rawValue % Self.sector == 0
        return mayBeAnother ? walk.complete(at: start) : problem
      }
      walk.isAmbiguous = walk.isAmbiguous || start > 0 && start.rawValue % Self.sector == 0
    } while try walk.isAtMember()
    return walk.complete(at: walk.position)
  }

  private func isAtMember() throws -> Bool {
    try file.readPrefix(at: position, count: 3) == [0x1F, 0x8B, 8]
  }

  /// Reads one member; nil where it holds.
  private mutating func member() throws -> Examination? {
    let header = try file.read(at: position, count: 10)
    let flags = header[3]
    guard header[2] == 8, flags <= 0x1F else { return broken("the header of a member is wrong") }
    var at = try position + 10
    if flags & 4 != 0 { at = try at + 2 + ByteCount(UInt64(file.little(UInt16.self, at: at))) }
    if flags & 8 != 0 { name = ContentText.text(try text(&at)) ?? name }
    if flags & 16 != 0 { _ = try text(&at) }
    if flags & 2 != 0 { at = try at + 2 }
    let seconds = try header.little(UInt32.self, at: 4)
    if members == 0, seconds != 0 { date = Timestamp(seconds: Int64(seconds)) }
    let inflated = try Inflation.inflate(file, from: at, limit: Self.longest)
    let end = at.advancedClamped(by: inflated.consumed)
    switch inflated.end {
    case .truncated: return .truncated(at: end, evidence: [.headerMatched("gz")])
    case .corrupt, .tooLong, .notHandled: return broken("its data cannot be decompressed", at: end)
    case .complete: break
    }
    let crc = try file.little(UInt32.self, at: end)
    let length = try file.little(UInt32.self, at: end + 4)
    guard crc == inflated.crc, length == UInt32(truncatingIfNeeded: inflated.produced) else {
      return broken("the checksum of its data is wrong", at: end)
    }
    position = try end + 8
    members &+= 1
    return nil
  }

  /// Text up to its NUL, at most 4 KiB.
  private func text(_ at: inout ByteOffset) throws -> [UInt8] {
    let bytes = try file.readPrefix(at: at, count: 4096)
    guard let end = bytes.firstIndex(of: 0) else {
      throw Malformed("gzip", "a name does not end", at: at)
    }
    at = try at + ByteCount(clamping: end + 1)
    return Array(bytes[..<end])
  }

  private func complete(at end: ByteOffset) -> Examination {
    var result = Examination.whole(
      "gz", "gzip", end: end, and: [.checksumsHold(count: members, kind: "CRC-32")])
    if isAmbiguous { result.evidence.append(.endReasoned) }
    result.name = name
    result.date = date
    return result
  }

  private func broken(_ problem: String, at offset: ByteOffset? = nil) -> Examination {
    .broken(at: offset ?? position, problem: problem, evidence: [.headerMatched("gz")])
  }
}
