// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension ExtVolume {
  /// Fewer numbers that follow on their own list may be anybody's.
  private static let fewestCertain: UInt64 = 4

  package func listedLayouts() -> [ListedLayout] {
    guard !superblock.incompatible.contains(.extents) else { return [] }
    return PointerBlocks(in: self, free: unusedBlocks).files().compactMap { file in
      let count = file.runs.reduce(0) { $0 + $1.count }
      guard let size = try? ByteCount(count) * layout.blockSize else { return nil }
      return ListedLayout(
        content: extents(file.runs, size: size),
        lists: onMedium(file.lists.sorted().map { UInt64($0)..<UInt64($0) + 1 }),
        blockSize: ByteCount(layout.blockSize),
        isCertain: file.isAmid && count >= PointerBlocks.direct + Self.fewestCertain,
        isSole: file.isSole, assumed: ByteCount(PointerBlocks.direct * layout.blockSize))
    }
  }
}
