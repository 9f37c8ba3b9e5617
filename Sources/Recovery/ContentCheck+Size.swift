// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import FileFormats
import Findings

extension ContentCheck {
  /// A finding whose size is only that of its clusters, with the size that its content tells: up to the
  /// end of its format, else up to the zeros that fill its last cluster.
  func sized(_ finding: Finding) -> Finding {
    guard finding.evidence.contains(.sizeGuessed), finding.size > 0 else { return finding }
    let file = space.readable(finding.content, name: "file")
    let start = ByteOffset(finding.size.subtractingClamped(clusterSize))
    // Zeros throughout are no slack.
    guard let last = try? file.readPrefix(at: start, count: min(clusterSize, finding.size)),
      let end = last.lastIndex(where: { $0 != 0 })
    else { return finding }
    let trimmed = ByteCount(start.advancedClamped(by: ByteCount(clamping: end + 1)).rawValue)
    var result = finding
    result.size = formatEnd(of: file, behind: trimmed) ?? trimmed
    result.content = finding.content.prefix(result.size)
    return result
  }

  /// Where the format of the content ends, if that is among the zeros behind `trimmed`: a file's own
  /// last bytes may be zero.
  private func formatEnd(of file: Source, behind trimmed: ByteCount) -> ByteCount? {
    guard let head = try? file.readPrefix(at: 0, count: 4096) else { return nil }
    return FileFormat.all.filter { $0.isRecognised(in: head) }.compactMap { format in
      guard let found = try? format.examine(file), found.end == .complete,
        !found.evidence.contains(.endReasoned), found.length > trimmed,
        found.length <= file.length
      else { return nil }
      return found.length
    }.max()
  }
}
