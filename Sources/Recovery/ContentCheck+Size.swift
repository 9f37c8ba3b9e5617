// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import FileFormats
import Findings

extension ContentCheck {
  /// A last block is at most so long.
  private static let slack: ByteCount = 0x1_0000

  /// A finding whose size is only that of its blocks, with the size that its content tells: up to the
  /// end of its format, else up to the zeros that fill its last block.
  func sized(_ finding: Finding) -> Finding {
    guard finding.evidence.contains(.sizeGuessed), finding.size > 0 else { return finding }
    let file = space.readable(finding.content, name: "file")
    let first = ByteOffset(finding.size.subtractingClamped(Self.slack))
    guard let tail = try? file.readPrefix(at: first, count: Self.slack) else { return finding }
    let zeros = ByteCount(clamping: tail.reversed().prefix { $0 == 0 }.count)
    // Zeros throughout are no slack.
    guard zeros.rawValue < UInt64(clamping: tail.count) else { return finding }
    let trimmed = finding.size.subtractingClamped(zeros)
    var result = finding
    result.size = end(of: file, from: trimmed) ?? trimmed
    result.content = finding.content.prefix(result.size)
    return result
  }

  /// Where the format of the content ends, if that is among the zeros behind `trimmed`: a file's own
  /// last bytes may be zero.
  private func end(of file: Source, from trimmed: ByteCount) -> ByteCount? {
    guard let head = try? file.readPrefix(at: 0, count: 4096) else { return nil }
    for format in FileFormat.all where format.isRecognised(in: head) {
      if let found = try? format.examine(file), found.end == .complete, found.length >= trimmed,
        found.length <= file.length
      {
        return found.length
      }
    }
    return nil
  }
}
