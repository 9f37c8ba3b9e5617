// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Turns candidates into findings: asks the format, and keeps what is a file.
package struct Carver: Sendable {
  package let space: CarvingSpace

  package init(space: CarvingSpace) { self.space = space }

  /// What stands at the candidate's place; nil where nothing worth keeping does.
  package func examine(_ candidate: Candidate) -> Carved? {
    let extents = space.extents(from: candidate.offset, limit: candidate.format.maximumSize)
    guard !extents.isEmpty else { return nil }
    let file = space.readable(extents, name: candidate.format.id)
    guard let examination = try? candidate.format.examine(file), examination.length > 0
    else { return nil }
    let content = extents.prefix(examination.length)
    let isKept =
      examination.end == .complete || isWorthKeeping(examination, candidate.format)
    // What is not kept may still tell what else is not worth a look.
    guard isKept || !examination.children.isEmpty else { return nil }
    return Carved(
      format: candidate.format, start: candidate.offset, content: content,
      examination: examination, unreadable: space.unreadable(in: content), isKept: isKept)
  }

  /// A truncated file may be this long, unless it is a video: beyond, it is a size that somebody's
  /// chance bytes state.
  private static let longestCut: ByteCount = 0x400_0000

  /// A broken file is kept from 2 KiB on: below it, a header is too likely to be a coincidence.
  private func isWorthKeeping(_ examination: Examination, _ format: FileFormat) -> Bool {
    if examination.end == .truncated, examination.length > Self.longestCut,
      format.category != .video
    {
      return false
    }
    return examination.length >= 2048
      && examination.evidence.contains { if case .headerMatched = $0 { true } else { false } }
  }
}
