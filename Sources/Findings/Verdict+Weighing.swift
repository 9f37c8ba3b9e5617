// SPDX-License-Identifier: Apache-2.0

import Bytes

extension Verdict {
  /// Weighs the evidence: the worst fact caps the grade, the best proof raises it to that cap.
  init(of finding: Finding) {
    if finding.kind == .file, !finding.content.isEmpty, finding.content.allSatisfy(\.isLost) {
      self = .nameOnly
      return
    }
    // That other files' blocks were skipped is an assumption, and bytes that were written over later
    // are foreign, until all of the content is checked: many formats hold together whatever stands in
    // their middle.
    let isChecked = finding.evidence.contains(where: \.coversContent)
    // A state that a newer one followed may have been taken in the middle of writing: checksums tell
    // that it is that state, its format alone that the file was whole then.
    let isWhole = finding.evidence.contains(where: \.tellsItsEnd)
    let weights = finding.evidence.map { fact in
      switch fact {
      case .gapsSkipped where !isChecked: Evidence.Weight.atBest(.guessed)
      // Structure that holds in all its places says nothing of the bytes between them; a decoder may have
      // gone on over a wrong seam.
      case .piecesJoined: Self.weight(ofJoined: finding.evidence)
      case .claimedByDeleted where !isChecked: Evidence.Weight.atBest(.partial)
      case .olderVersion where !isWhole: Evidence.Weight.atBest(.probable)
      default: fact.weight
      }
    }
    let cap = weights.compactMap { if case .atBest(let verdict) = $0 { verdict } else { nil } }
      .max()
    let proof = weights.compactMap { if case .shows(let verdict) = $0 { verdict } else { nil } }
      .min()
    self = max(cap ?? .verified, proof ?? .guessed)
  }
}

extension Verdict {
  private static func weight(ofJoined evidence: [Evidence]) -> Evidence.Weight {
    let isLoose = evidence.contains {
      switch $0 {
      case .payloadUnchecked, .endReasoned, .pictureJumps: true
      default: false
      }
    }
    let isSummed = evidence.contains { if case .checksumsHold = $0 { true } else { false } }
    let isDecoded = evidence.contains { if case .decoded = $0 { true } else { false } }
    if isLoose || !isSummed && !isDecoded { return .atBest(.guessed) }
    return isSummed ? .nothing : .atBest(.probable)
  }
}

extension Extent {
  fileprivate var isLost: Bool { place == .lost }
}

extension Evidence {
  /// Whether it speaks for every byte of the content.
  fileprivate var coversContent: Bool {
    switch self {
    case .checksumsHold, .decoded: true
    default: false
    }
  }

  /// Whether the content ends where its format says that it does.
  fileprivate var tellsItsEnd: Bool {
    switch self {
    case .structureHolds, .decoded: true
    default: false
    }
  }

  /// What one fact does to the verdict.
  enum Weight {
    /// Supports a verdict this good, unless another fact forbids it.
    case shows(Verdict)
    /// Forbids a better verdict than this.
    case atBest(Verdict)
    case nothing
  }

  var weight: Weight {
    switch self {
    case .checksumsHold: .shows(.verified)
    case .listedAsLive, .structureHolds, .decoded: .shows(.intact)
    case .blockListSurvived, .journalCopy, .olderTree: .shows(.probable)
    case .deletedEntry, .headerMatched: .shows(.guessed)
    case .contiguityAssumed, .gapsSkipped, .piecesJoined, .sizeGuessed: .nothing
    case .startGuessed, .headerMismatch, .allZeros, .nameFromSize: .atBest(.guessed)
    case .bytesBehindEnd, .allocationUnknown, .claimedByDeleted, .endReasoned, .payloadUnchecked,
      .pictureJumps:
      .atBest(.probable)
    case .overwritten, .unreadable, .beyondMedium, .brokenAt, .truncatedAt, .notHandled,
      .blockListIncomplete, .mended:
      .atBest(.partial)
    case .metadataChecksumHolds, .nameFromJournal, .nameFromFreedDirectory, .firstLetterComputed,
      .firstLetterLost, .firstLetterGuessed, .parentUnknown, .nameFromEntry, .nameFromContent,
      .olderVersion, .nameFromRecycleBin, .nameFromChangeJournal:
      .nothing
    }
  }
}
