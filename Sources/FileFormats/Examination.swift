// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What a format's structure says about a candidate.
package struct Examination: Sendable {
  package enum End: Hashable, Sendable {
    /// The structure holds to its end.
    case complete
    /// The structure stops being valid at this offset.
    case broken(at: ByteOffset)
    /// The structure is sound as far as the bytes go, but they end first.
    case truncated
  }

  /// A thumbnail or a member inside: shown, never a file of its own.
  package struct Child: Hashable, Sendable {
    package let type: String
    package let range: Range<ByteOffset>
    package init(type: String, range: Range<ByteOffset>) {
      self.type = type
      self.range = range
    }
  }

  package var end: End
  /// The file's length where complete; else how far it is valid.
  package var length: ByteCount
  package var evidence: [Evidence]
  package var children: [Child] = []
  /// The narrower type where the content tells it: "docx" for a ZIP archive, "heic" for ISO media.
  package var type: String?
  /// What the content calls itself: a title, a camera and its number. Raw text, not yet a file name.
  package var name: String?
  package var date: Timestamp?
  /// Where foreign bytes begin, if it is broken: behind all that was proven, and before the place where
  /// it was noticed; nil where that is not known.
  package var doubt: Range<ByteOffset>?
  /// How many times more than usual what lies behind a checkpoint differs from what lies before it, as a
  /// picture's rows do; nil where the format cannot tell.
  package var strain: Float?

  package init(end: End, length: ByteCount, evidence: [Evidence]) {
    self.end = end
    self.length = length
    self.evidence = evidence
  }

  /// The same result, which was proven up to `sound`, and broken no later than `noticed`.
  func doubtful(from sound: ByteOffset, to noticed: ByteOffset?) -> Self {
    var result = self
    result.doubt = sound..<max(noticed ?? sound, sound)
    return result
  }

  /// The same result, with nothing beyond the bytes that there are: a whole file that would end there is
  /// one that is cut.
  func bounded(by file: Source) -> Self {
    guard length > file.length else { return self }
    var result = self
    result.length = file.length
    let last = ByteOffset(file.length)
    switch end {
    case .complete:
      result.end = .truncated
      result.evidence.append(.truncatedAt(last))
    case .broken: result.end = .broken(at: last)
    case .truncated: break
    }
    return result
  }

  /// The structure holds and the file ends at `end`.
  package static func complete(at end: ByteOffset, evidence: [Evidence] = []) -> Self {
    Self(end: .complete, length: ByteCount(end.rawValue), evidence: evidence)
  }

  /// The structure stops being valid at `offset`.
  package static func broken(
    at offset: ByteOffset, problem: String, evidence: [Evidence] = []
  ) -> Self {
    Self(
      end: .broken(at: offset), length: ByteCount(offset.rawValue),
      evidence: evidence + [.brokenAt(offset, problem: problem)])
  }

  /// The structure is damaged at `offset`, but goes on behind it up to `end`: a file with a bad place,
  /// which is worth more than its part before it.
  package static func damaged(
    at offset: ByteOffset, end: ByteOffset, problem: String, evidence: [Evidence] = []
  ) -> Self {
    var result = broken(at: offset, problem: problem, evidence: evidence)
    result.length = ByteCount(max(end, offset).rawValue)
    return result
  }

  /// The bytes end at `offset`, before the structure does.
  package static func truncated(at offset: ByteOffset, evidence: [Evidence] = []) -> Self {
    Self(
      end: .truncated, length: ByteCount(offset.rawValue),
      evidence: evidence + [.truncatedAt(offset)])
  }
}
