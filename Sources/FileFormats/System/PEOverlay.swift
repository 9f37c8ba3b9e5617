// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What installers and self-extracting archives carry behind a Windows program's last section, where
/// it states its own size.
///
/// - Source: no specification; NSIS: `firstheader` in its `fileform.h`; Inno Setup:
///   `TSetupLdrOffsetTable` in its `Struct.pas`; Igor Pavlov's `7zSD` for the text before an archive.
struct PEOverlay {
  private static let nullsoft: [UInt8] = [0xEF, 0xBE, 0xAD, 0xDE] + Array("NullsoftInst".utf8)
  private static let inno: [UInt8] = Array("rDlPtS".utf8) + [0xCD, 0xE6, 0xD7, 0x7B, 0x0B, 0x2A]
  private static let sevenZip: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]
  private static let archives: Set<String> = ["7z", "zip", "rar", "cab"]
  private static let longestText: ByteCount = 0x1_0000
  private static let longestResources: ByteCount = 0x40_0000

  /// Where it ends; nil where there is nothing that is known.
  private(set) var end: ByteOffset?

  init(_ file: Source, at start: ByteOffset, _ sections: [PEProgram.Section]) throws {
    let head = try file.readPrefix(at: start, count: Self.longestText)
    if head.holds(Self.nullsoft, at: 4) {
      end = try start + ByteCount(UInt64(head.little(UInt32.self, at: 24)))
    } else if let total = try Self.innoSize(file, sections), total > start {
      end = total
    } else if let skip = Self.archiveStart(head) {
      end = try Self.archive(file, at: start + ByteCount(clamping: skip))
    }
  }

  /// The size of the whole that Inno Setup keeps in the resources, which are the last section but for
  /// relocations.
  private static func innoSize(_ file: Source, _ sections: [PEProgram.Section]) throws
    -> ByteOffset?
  {
    for section in sections.suffix(2) where !section.range.isEmpty {
      let stop = min(
        section.range.upperBound, section.range.lowerBound.advancedClamped(by: longestResources))
      let table = try file.withBytes(in: section.range.lowerBound..<stop) { bytes in
        bytes.firstIndex(of: inno).flatMap { try? bytes.copy(at: $0, count: 20) }
      }
      guard let table, try table.little(UInt32.self, at: 12) == 1 else { continue }
      return ByteOffset(UInt64(try table.little(UInt32.self, at: 16)))
    }
    return nil
  }

  /// How far behind the sections an archive starts: at once, behind the settings of a 7-Zip
  /// installer, or behind the line that names a script's interpreter.
  private static func archiveStart(_ head: [UInt8]) -> Int? {
    if head.holds(Array(";!@Install@!".utf8), at: 0) {
      return head.withSpan { $0.firstIndex(of: sevenZip) }
    }
    if head.holds([0x23, 0x21], at: 0) {
      return head.prefix(1024).firstIndex(of: 0x0A).map { $0 + 1 }
    }
    return 0
  }

  private static func archive(_ file: Source, at start: ByteOffset) throws -> ByteOffset? {
    guard start < file.range.upperBound else { return nil }
    let rest = try file.slice(start..<file.range.upperBound)
    let head = try rest.readPrefix(at: 0, count: 1024)
    for format in FileFormat.all where archives.contains(format.id) && format.isRecognised(in: head)
    {
      guard head.withSpan(format.resembles) else { continue }
      let result = try format.examine(rest)
      if result.end == .complete { return start.advancedClamped(by: result.length) }
    }
    return nil
  }
}
