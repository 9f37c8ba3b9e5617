// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension ExtVolume {
  /// As many as memory has room for.
  private static let mostLeaves = 0x8000

  /// Deleted files whose inodes are empty, but whose extents stand in freed leaves: each leaf's checksum
  /// tells the inode. The exact size is lost.
  ///
  /// - Parameters:
  ///   - landmarks: the nodes that the pass met.
  ///   - allocated: what is in use.
  func leafFiles(
    _ landmarks: [Landmark], allocated: RangeSet<ByteOffset>, graves: Graves
  ) -> [(life: InodeLife, created: Timestamp?, content: [Extent])] {
    var leaves: [UInt32: [ExtentLeaf]] = [:]
    var count = 0
    for landmark in landmarks where landmark.kind == .extExtentNode {
      guard !allocated.contains(landmark.offset), let number = blockNumber(at: landmark.offset),
        let bytes = block(number), let leaf = ExtentLeaf(bytes, in: layout),
        graves.lives[leaf.seal]?.kind == .file, count < Self.mostLeaves
      else { continue }
      count += 1
      leaves[leaf.seal, default: []].append(leaf)
    }
    return leaves.compactMap { seal, leaves in
      graves.lives[seal].map { ($0.life, $0.created, content(of: leaves)) }
    }.sorted { $0.life < $1.life }
  }

  /// What leaves of one file map, in its order. Between them others may have been lost: a gap there is
  /// no hole.
  private func content(of leaves: [ExtentLeaf]) -> [Extent] {
    var content: [Extent] = []
    var position: UInt64 = 0
    for leaf in leaves.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) })
    where leaf.start >= position {
      if leaf.start > position {
        content.append(Extent(.lost, count: ByteCount((leaf.start - position) * layout.blockSize)))
      }
      let runs = leaf.runs.map { run in
        var run = run
        run.logical -= leaf.start
        return run
      }
      content += extents(runs, size: ByteCount((leaf.end - leaf.start) * layout.blockSize))
      position = leaf.end
    }
    return content.coalesced
  }
}
