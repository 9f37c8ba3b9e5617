// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

extension ExtVolume {
  /// Files of more than twelve blocks whose inodes are empty, but whose blocks of block numbers are
  /// still there. Neither name nor exact size are known.
  ///
  /// - Parameters:
  ///   - allocated: what is in use.
  ///   - known: where the files begin that other sources tell of.
  func rebuiltFiles(
    volume number: UInt16, allocated: Occupancy, known: Set<ByteOffset>
  ) -> [Finding] {
    guard !superblock.incompatible.contains(.extents) else { return [] }
    let free = freeBlocks
    return PointerBlocks(in: self, free: free).files().compactMap { runs in
      let count = runs.reduce(0) { $0 + $1.count }
      guard let size = try? ByteCount(count) * layout.blockSize else { return nil }
      let content = extents(runs, size: size)
      guard let start = content.first?.range?.lowerBound, !known.contains(start) else { return nil }
      // What is mostly in use today was deleted long ago.
      let used = content.mediumRanges.flatMap { allocated.overlaps($0) }
        .reduce(ByteCount(0)) { $0.addingClamped($1.range.length) }
      guard used.rawValue < size.rawValue / 2 else { return nil }
      var evidence: [Evidence] = [.blockListSurvived, .contiguityAssumed, .sizeGuessed]
      // A few numbers may be anybody's.
      if count < PointerBlocks.direct + 4 { evidence.append(.startGuessed(candidates: 1)) }
      return Finding(
        volume: number, origin: .undelete, folder: ["#blocks"], size: size, content: content,
        evidence: evidence, key: 1 << 63 | (runs.first?.physical ?? 0))
    }
  }
}
