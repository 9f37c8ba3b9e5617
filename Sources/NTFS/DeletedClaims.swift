// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// Who else has a claim to the bytes of a deleted file.
struct DeletedClaims {
  private let volume: NTFSVolume
  private let live: Occupancy
  private let allocated: Occupancy
  private let unknown: Occupancy
  private let conflicts: [UInt64: [(winner: UInt64, count: ByteCount)]]
  /// Who owns what nobody is known to own.
  private static let nobody = UInt64.max

  init(of volume: NTFSVolume, _ catalogue: Catalogue) {
    self.volume = volume
    conflicts = catalogue.conflicts()
    live = Occupancy(catalogue.owned)
    // What is in use where a volume once lay, those in force say.
    let allocation = volume.isFormer ? nil : volume.allocation()
    allocated = Occupancy(
      (allocation?.allocated.ranges ?? RangeSet().ranges).map { ($0, Self.nobody) })
    unknown = Occupancy((allocation?.unknown.ranges ?? RangeSet().ranges).map { ($0, Self.nobody) })
  }

  /// What speaks against the content of a deleted file.
  func evidence(_ finding: Finding, of number: UInt64) -> [Evidence] {
    guard finding.kind == .file else { return [] }
    let ranges = finding.content.mediumRanges
    var byOwner: [UInt64: ByteCount] = [:]
    var unsure: ByteCount = 0
    for range in ranges {
      var taken = length(allocated.overlaps(range))
      for part in live.overlaps(range) {
        byOwner[part.owner, default: 0] =
          byOwner[part.owner, default: 0].addingClamped(part.range.length)
        taken = taken.subtractingClamped(part.range.length)
      }
      if taken > 0 {
        byOwner[Self.nobody, default: 0] = byOwner[Self.nobody, default: 0].addingClamped(taken)
      }
      unsure = unsure.addingClamped(length(unknown.overlaps(range)))
    }
    var result: [Evidence] = byOwner.sorted { $0.key < $1.key }.map {
      .overwritten($0.value, by: $0.key == Self.nobody ? "" : name(of: $0.key))
    }
    if unsure > 0 { result.append(.allocationUnknown(unsure)) }
    if !ranges.isEmpty {
      for (winner, count) in conflicts[number] ?? [] {
        result.append(.claimedByDeleted(count, by: name(of: winner)))
      }
    }
    return result
  }

  private func length(_ parts: [(range: Range<ByteOffset>, owner: UInt64)]) -> ByteCount {
    parts.reduce(0) { $0.addingClamped($1.range.length) }
  }

  private func name(of number: UInt64) -> String {
    let names = volume.records.record(number)?.names ?? []
    return (names.first { !$0.isShort } ?? names.first)?.name.text ?? "#\(number)"
  }
}
