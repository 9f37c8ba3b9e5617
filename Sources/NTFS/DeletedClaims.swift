// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// Who else has a claim to the bytes of a deleted file.
struct DeletedClaims {
  private let volume: NTFSVolume
  private let space: SpaceInUse
  private let losses: [UInt64: [RivalClaims<UInt64>.Loss]]

  init(of volume: NTFSVolume, _ catalogue: Catalogue) {
    self.volume = volume
    losses = catalogue.losses()
    // What is in use where a volume once lay, those in force say.
    space = SpaceInUse(
      owned: catalogue.owned, allocation: volume.isFormer ? nil : volume.allocation())
  }

  /// What speaks against the content of a deleted file.
  func evidence(_ finding: Finding, of number: UInt64) -> [Evidence] {
    guard finding.kind == .file, !finding.content.mediumRanges.isEmpty else { return [] }
    return space.evidence(on: finding.content, name: name)
      + (losses[number] ?? []).map { .claimedByDeleted($0.count, by: name(of: $0.winner)) }
  }

  private func name(of number: UInt64) -> String {
    let names = volume.records.record(number)?.names ?? []
    return (names.first { !$0.isShort } ?? names.first)?.name.text ?? "#\(number)"
  }
}
