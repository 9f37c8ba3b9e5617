// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension ExtVolume {
  /// Files of more than twelve blocks whose inodes are empty, but whose blocks of block numbers are
  /// still there. Neither name nor exact size are known.
  ///
  /// - Parameters:
  ///   - allocated: what is in use.
  ///   - known: what files occupy that other sources tell of.
  func rebuiltFiles(
    volume number: UInt16, allocated: Occupancy, known: Occupancy
  ) -> [Finding] {
    guard !superblock.incompatible.contains(.extents) else { return [] }
    let free = freeBlocks
    return PointerBlocks(in: self, free: free).files().compactMap { file in
      let runs = file.runs
      let count = runs.reduce(0) { $0 + $1.count }
      guard let size = try? ByteCount(count) * layout.blockSize else { return nil }
      let content = extents(runs, size: size)
      // A list whose first number is a known file's is a part of that.
      guard let start = content.first?.range, known.overlaps(start).isEmpty,
        let list = list(of: runs).first, known.overlaps(list).isEmpty
      else { return nil }
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

  /// Where the thirteenth block of a file lies.
  private func list(of runs: [BlockRun]) -> [Range<ByteOffset>] {
    let run = runs.first { $0.logical + $0.count > PointerBlocks.direct }
    return run.map {
      let block = $0.physical + (PointerBlocks.direct - min($0.logical, PointerBlocks.direct))
      return onMedium([block..<block + 1])
    } ?? []
  }
}
