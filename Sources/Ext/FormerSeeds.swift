// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the inode tables of a volume hold of those that were there before, told by their checksums:
/// each record's own, run back, gives the seed of the volume that wrote it.
struct FormerSeeds {
  /// How many records agree on each seed.
  private var votes: [UInt32: Int] = [:]
  /// Records without a checksum that the volume in force did not write.
  private(set) var unsealed = 0
  /// Records that the volume in force did not write.
  private(set) var examined = 0

  /// Damaged records make up seeds of their own: no more are counted.
  private static let mostSeeds = 0x1_0000
  /// Fewer records agree by chance, or are not worth a volume.
  private static let fewest = 3

  /// - Parameter isSample: reads but a part of the tables: enough to tell whether something is there.
  init(_ volume: ExtVolume, isSample: Bool) {
    InodeTables(volume: volume).visit(
      .notZeroed, most: isSample ? 0x1_0000 : .max, spread: isSample ? 32 : nil
    ) { number, inode, isUnused in
      if let seed = inode.volumeSeed(number) {
        guard seed != volume.seed else { return }
        examined += 1
        if votes[seed] != nil || votes.count < Self.mostSeeds { votes[seed, default: 0] += 1 }
      } else if isUnused {
        examined += 1
        if inode.isPlausible(in: volume.layout) { unsealed += 1 }
      }
    }
  }

  /// The seeds that records agree on, with how many do, the most first.
  var seeds: [(seed: UInt32, count: Int)] {
    votes.filter { $0.value >= Self.fewest }.map { (seed: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.seed) < ($0.count, $1.seed) }
  }

  /// Whether there are enough records without a checksum to speak of a volume.
  var hasUnsealed: Bool { unsealed >= Self.fewest }
}
