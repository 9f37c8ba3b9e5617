// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// An ext file system that was formatted over: what its inode tables and directories still tell.
///
/// mke2fs writes the first records of the tables alone, and the rest is zeroed later, if ever. The root
/// directory is gone, so that paths begin with the number of a top folder.
struct FormerVolume: Volume {
  /// The layout of the volume, and what its checksums start from.
  let past: ExtVolume
  /// The volumes that lie there today.
  let overlying: [PresentVolume]
  /// Its tables are also those of the volume in force, so that not every record is its own.
  let sharesTables: Bool

  /// As many as memory has room for.
  private static let mostInodes = 0x20_0000

  var kind: String { past.kind }
  var label: String { sharesTables ? "" : past.label }
  var clusterSize: ByteCount { past.clusterSize }

  var remarks: [String] {
    ["formatted over: known by its inodes"]
      + (past.seed.map { ["checksum seed " + String($0, radix: 16)] } ?? [])
  }

  /// What is in use is for the volumes in force to say; where there is none, for the volume itself.
  func allocation() -> Allocation {
    if let volume = overlying.first?.volume { return volume.allocation() }
    return past.allocation()
  }

  func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    var inodes: [(number: UInt32, inode: Inode)] = []
    InodeTables(volume: past).visit(sharesTables ? .notZeroed : .all) { number, inode, isUnused in
      if inodes.count < Self.mostInodes, isOwn(inode, number, isUnused: isUnused) {
        inodes.append((number, inode))
      }
    }
    let history = History(inodes, of: past)
    let present = overlying.map { $0.volume.allocation() }
    let allocated = present.reduce(into: RangeSet<ByteOffset>()) { $0.formUnion($1.allocated) }
    let tree = LiveTree(past)
    let names = past.names(
      tree, history, landmarks: landmarks, allocated: allocated, isFormer: true)
    var deleted = DeletedFiles(past, history, names, volume: number, isFormer: true)
    deleted.collect(tree)
    deleted.compareClaims()
    let unknown = present.reduce(into: RangeSet<ByteOffset>()) { $0.formUnion($1.unknown) }
    let unsure = Occupancy(unknown)
    for var finding in deleted.findings {
      let count = finding.content.mediumRanges.reduce(ByteCount(0)) {
        $0.addingClamped(unsure.length(in: $1))
      }
      if count > 0 { finding.evidence.append(.allocationUnknown(count)) }
      try body(finding)
    }
    for finding in deleted.namesAlone(tree) { try body(finding) }
  }

  private func isOwn(_ inode: Inode, _ number: UInt32, isUnused: Bool) -> Bool {
    if let seed = past.seed { return inode.volumeSeed(number) == seed || isSealed(inode, number) }
    return inode.volumeSeed(number) == nil && (isUnused || !sharesTables)
      && inode.isPlausible(in: past.layout)
  }

  /// Records of 128 bytes have room for half a checksum: it does not tell the seed, but it can be
  /// compared, where no other volume wrote into these tables.
  private func isSealed(_ inode: Inode, _ number: UInt32) -> Bool {
    !sharesTables && past.holds(inode, number)
  }
}
