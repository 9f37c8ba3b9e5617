// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Programs, libraries and objects of macOS and iOS. They end behind the last of what their load
  /// commands name.
  ///
  /// | Offset | Size | Field    | Unit                                                    |
  /// |-------:|-----:|----------|---------------------------------------------------------|
  /// |   0x00 |    4 | mark     | 0xFEEDFACE, 0xFEEDFACF for 64 bits; in its byte order   |
  /// |   0x0C |    4 | type     | 1 to 12                                                 |
  /// |   0x10 |    4 | count    | load commands                                           |
  /// |   0x14 |    4 | size     | bytes of them                                           |
  ///
  /// - Source: Apple, *OS X ABI Mach-O File Format Reference*; `mach-o/loader.h`.
  package static let machO = FileFormat(
    id: "macho", name: "macOS program", category: .system,
    extensions: ["macho", "dylib", "bundle", "kext"], validation: .size,
    signatures: [
      Signature([0xFE, 0xED, 0xFA, 0xCE, 0x00]), Signature([0xFE, 0xED, 0xFA, 0xCF, 0x01]),
      Signature([0xCE, 0xFA, 0xED, 0xFE]), Signature([0xCF, 0xFA, 0xED, 0xFE]),
    ],
    maximumSize: 0x1_0000_0000,
    resembles: MachOWalk.resembles
  ) { file in
    try Examination.walk("macho", file) {
      var walk = try MachOWalk(file)
      return try walk.examination()
    }
  }

  /// Programs of macOS for several processors in one.
  ///
  ///     0  CA FE BA BE; BF where places have 64 bits   4  u32 count
  ///     8  parts: u32 processor, u32 variant, u32 or u64 offset, size; u32 alignment
  ///
  /// - Source: Apple, *OS X ABI Mach-O File Format Reference*; `mach-o/fat.h`.
  package static let universal = FileFormat(
    id: "universal", name: "Universal macOS program", category: .system, validation: .size,
    signatures: [
      Signature([0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0]), Signature([0xCA, 0xFE, 0xBA, 0xBF, 0, 0, 0]),
    ],
    maximumSize: 0x2_0000_0000,
    resembles: { bytes in
      // From 45 on it is a version of Java.
      guard let count = try? bytes.big(UInt32.self, at: 4), (1...32).contains(count),
        let processor = try? bytes.big(UInt32.self, at: 8)
      else { return false }
      return MachOWalk.isProcessor(processor)
    }
  ) { file in
    try Examination.walk("universal", file) {
      let isWide = try file.little(UInt8.self, at: 3) == 0xBF
      let count = try file.big(UInt32.self, at: 4)
      guard (1...32).contains(count) else { throw Malformed("Mach-O", "too many parts") }
      var end: ByteOffset = 0
      let width: UInt64 = isWide ? 32 : 20
      for index in 0..<UInt64(count) {
        let entry = try file.read(at: ByteOffset(8 + index * width), count: ByteCount(width))
        let part =
          try isWide
          ? Range(
            at: ByteOffset(entry.big(UInt64.self, at: 8)),
            count: ByteCount(entry.big(UInt64.self, at: 16)))
          : Range(
            at: ByteOffset(UInt64(entry.big(UInt32.self, at: 8))),
            count: ByteCount(UInt64(entry.big(UInt32.self, at: 12))))
        guard part.lowerBound >= 28, !part.isEmpty else {
          throw Malformed("Mach-O", "a part inside the header")
        }
        let head = try file.read(at: part.lowerBound, count: 32)
        guard head.withSpan(MachOWalk.resembles) || head.holds(Array("!<arch>\n".utf8), at: 0)
        else { throw Malformed("Mach-O", "a part that is no program", at: part.lowerBound) }
        end = max(end, part.upperBound)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("universal", "Mach-O", end: end, and: [.payloadUnchecked])
    }
  }
}
