// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import FileFormats
import Findings

/// Asks the content of an undeleted file whether it is what its name says: the file system only
/// knows where the bytes were.
struct ContentCheck: Sendable {
  let medium: Source
  /// Where the bytes of deleted files may lie: the rest belongs to somebody else.
  let space: CarvingSpace
  let defects: RangeSet<ByteOffset>
  /// The volume's unit of allocation: within the last one a size that is not recorded is sought.
  let clusterSize: ByteCount

  /// The finding with what its content showed; where the extents were only assumed, and another
  /// layout of the same start and size proves right, with that layout.
  func checked(_ finding: Finding) -> Finding {
    guard finding.kind == .file, finding.isDeleted, finding.size > 0 else { return finding }
    let isWorthReading = isWorthReading(finding.content)
    var finding = isWorthReading ? sized(finding) : finding
    let unreadable = space.unreadable(in: finding.content)
    if unreadable > 0 { finding.evidence.append(.unreadable(unreadable)) }
    guard isWorthReading else { return finding }
    guard let best = bestFormat(for: finding) else {
      if !finding.evidence.contains(where: \.isProof), isAllZeros(finding) {
        finding.evidence.append(.allZeros)
      }
      return finding
    }
    if !best.isWhole, finding.evidence.contains(where: \.isAssumedLayout),
      let other = otherLayout(of: finding, format: best.format)
    {
      finding.content = other.content
      finding.evidence.removeAll { $0.isAssumedLayout }
      finding.evidence += other.evidence
      finding.type = other.type
      return finding
    }
    finding.type = best.type
    // Where the file system's own checksums cover every byte, a format has nothing to add but its name;
    // but a state that a newer one followed may be that of a file half written.
    let isProven =
      finding.evidence.contains(where: \.isProof) && !finding.evidence.contains(.olderVersion)
    finding.evidence += isProven ? best.evidence.filter(\.isRecognition) : best.evidence
    return finding
  }

  /// Zeros of holes that are read for the sake of a format, where the file has fewer other bytes.
  private static let mostZeros: ByteCount = 0x100_0000

  /// Whether the medium has some of the content, and holes are not nearly all of it: a format that
  /// looks for its end in a hole of 2^60 bytes would not come back.
  private func isWorthReading(_ content: [Extent]) -> Bool {
    let stored = content.mediumRanges.reduce(ByteCount(0)) { $0.addingClamped($1.length) }
    let holes = content.filter { $0.place == .hole }.length
    return stored > 0 && holes <= max(Self.mostZeros, stored)
  }

  private struct Result {
    let format: FileFormat
    let type: String
    let evidence: [Evidence]
    let isWhole: Bool
  }

  /// Tries the formats that the name promises, then those whose signature stands at the start.
  private func bestFormat(for finding: Finding) -> Result? {
    let file = space.readable(finding.content, name: "file")
    guard let head = try? file.readPrefix(at: 0, count: 4096) else { return nil }
    let promised = FileFormat.named(finding.name?.pathExtension ?? "")
    let recognised = FileFormat.all.filter { $0.isRecognised(in: head) }
    for format in recognised.sorted(by: { rank($0, promised) < rank($1, promised) }) {
      if let result = examine(file, as: format, size: finding.size) { return result }
    }
    let isCommon = FileFormat.commonExtensions.contains(finding.name?.pathExtension ?? "")
    guard let format = promised.first, !format.signatures.isEmpty, !isCommon else { return nil }
    return Result(
      format: format, type: finding.type, evidence: [.headerMismatch(expected: format.id)],
      isWhole: false)
  }

  private func rank(_ format: FileFormat, _ promised: [FileFormat]) -> Int {
    promised.contains { $0.id == format.id } ? 0 : 1
  }

  private func examine(_ file: Source, as format: FileFormat, size: ByteCount) -> Result? {
    guard let examination = try? format.examine(file) else { return nil }
    var evidence = examination.evidence
    if examination.end == .complete, examination.length < size {
      evidence.append(.bytesBehindEnd(size.subtractingClamped(examination.length)))
    }
    return Result(
      format: format, type: examination.type ?? format.id, evidence: evidence,
      isWhole: examination.end == .complete && examination.length == size)
  }

  /// The same start and size, but straight on, or over what is not in use.
  private func otherLayout(
    of finding: Finding, format: FileFormat
  ) -> (content: [Extent], evidence: [Evidence], type: String)? {
    guard let start = finding.content.first?.range?.lowerBound else { return nil }
    let straight = [Extent(.medium(start), count: finding.size)]
    let skipping = space.extents(from: start, limit: finding.size)
    for content in [straight, skipping] where content != finding.content.coalesced {
      guard content.length == finding.size else { continue }
      let file = space.readable(content, name: "file")
      if let result = examine(file, as: format, size: finding.size), result.isWhole {
        let layout: Evidence =
          content.count > 1 ? .gapsSkipped(gaps(in: content)) : .contiguityAssumed
        return (content, [layout] + result.evidence, result.type)
      }
    }
    return nil
  }

  private func gaps(in content: [Extent]) -> ByteCount {
    guard let first = content.first?.range, let last = content.last?.range,
      first.lowerBound <= last.upperBound
    else { return 0 }
    return (first.lowerBound..<last.upperBound).length.subtractingClamped(content.length)
  }

  /// Whether the first and last 64 KiB are zero, of a file that has data on the medium.
  private func isAllZeros(_ finding: Finding) -> Bool {
    let file = space.readable(finding.content, name: "file")
    let probe: ByteCount = 0x1_0000
    let last = ByteOffset(file.length.subtractingClamped(probe))
    return [ByteOffset(0), last].allSatisfy { offset in
      (try? file.readPrefix(at: offset, count: probe))?.allSatisfy { $0 == 0 } ?? false
    }
  }
}

extension Evidence {
  /// Whether checksums cover the content.
  fileprivate var isProof: Bool { if case .checksumsHold = self { true } else { false } }

  fileprivate var isRecognition: Bool {
    switch self {
    case .headerMatched, .structureHolds, .decoded: true
    default: false
    }
  }

  /// Whether the file's extents are an assumption that the content may correct.
  fileprivate var isAssumedLayout: Bool {
    switch self {
    case .contiguityAssumed, .gapsSkipped: true
    default: false
    }
  }
}
