// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Windows prefetch file: how a program was started. Windows 10 and later compress it.
  ///
  ///     0  u32 version   4  "SCCA"   12 u32 size   16 name of the program, UTF-16
  ///     0  "MAM" 4       4  u32 size unpacked      8  XPRESS Huffman
  ///
  /// - Source: J. Metz, *Windows Prefetch File (PF) format*.
  package static let prefetch = FileFormat(
    id: "pf", name: "Windows prefetch file", category: .system, validation: .decoding,
    signatures: [Signature("SCCA", at: 4), Signature([0x4D, 0x41, 0x4D, 4])],
    maximumSize: 0x100_0000,
    resembles: { bytes in
      if bytes.holds(Array("SCCA".utf8), at: 4) {
        return (try? bytes.copy(at: 0, count: 84)).flatMap { try? PrefetchHead($0) } != nil
      }
      guard let size = try? bytes.little(UInt32.self, at: 4),
        let lengths = try? bytes.copy(at: 8, count: XpressCodes.byteCount)
      else { return false }
      return (84...0x80_0000).contains(size) && XpressCodes(lengths) != nil
    }
  ) { file in
    try Examination.walk("pf", file) { try PrefetchWalk(file).examination() }
  }
}

/// The first 84 bytes of a prefetch file.
private struct PrefetchHead {
  static let versions: Set<UInt32> = [17, 23, 26, 30, 31]
  let version: UInt32
  let size: UInt32
  let program: String?

  init(_ bytes: [UInt8]) throws {
    version = try bytes.little(UInt32.self, at: 0)
    size = try bytes.little(UInt32.self, at: 12)
    guard Self.versions.contains(version), bytes.holds(Array("SCCA".utf8), at: 4),
      (0x98...0x80_0000).contains(size), try bytes.little(UInt32.self, at: 8) <= 0x20
    else { throw Malformed("prefetch file", "its header is wrong") }
    program = WindowsText.wide(try bytes.copy(at: 16, count: 60))
  }
}

/// The walk over a prefetch file, unpacked or not.
private struct PrefetchWalk {
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let isPacked = try file.readPrefix(at: 0, count: 4) == [0x4D, 0x41, 0x4D, 4]
    if isPacked { return try packed() }
    let head = try PrefetchHead(file.read(at: 0, count: 84))
    let bytes = try file.read(at: 0, count: ByteCount(UInt64(head.size)))
    let layout = try PrefetchLayout(bytes, version: head.version)
    return result(
      layout, head, end: ByteOffset(UInt64(head.size)),
      evidence: HiddenRoom.anywhere(upTo: ByteOffset(UInt64(head.size))))
  }

  private func packed() throws -> Examination {
    let size = Int(try file.little(UInt32.self, at: 4))
    guard (84...0x80_0000).contains(size) else {
      throw Malformed("prefetch file", "its size is wrong", at: 4)
    }
    // Codes of 15 bits for each byte would be the worst.
    let bytes = try file.readPrefix(
      at: 8, count: ByteCount(clamping: min(2 * size + 1024, 0xFF_FFF0)))
    let decoding = Decoding.xpressHuffman(bytes, size: size)
    let end = try ByteOffset(8) + decoding.consumed
    switch decoding.end {
    case .complete: break
    case .truncated: throw Truncated()
    default: throw Malformed("prefetch file", "it cannot be decompressed", at: end)
    }
    let head = try PrefetchHead(decoding.output)
    guard Int(head.size) == size else {
      throw Malformed("prefetch file", "its two sizes differ", at: 0)
    }
    let layout = try PrefetchLayout(decoding.output, version: head.version)
    return result(layout, head, end: end, evidence: [.decoded("XPRESS Huffman")])
  }

  private func result(
    _ layout: PrefetchLayout, _ head: PrefetchHead, end: ByteOffset, evidence: [Evidence]
  ) -> Examination {
    var result = Examination.whole("pf", "prefetch", end: end, and: evidence)
    result.name = head.program
    result.date = layout.lastRun
    return result
  }
}
