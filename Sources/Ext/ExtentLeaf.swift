// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A leaf of an extent tree in a block of its own, which deletion frees as it is.
struct ExtentLeaf {
  let runs: [BlockRun]
  /// The seal of the inode that it belongs to.
  let seal: UInt32

  /// Nil for bytes that are no leaf, and for a leaf without a checksum behind its room for entries.
  init?(_ bytes: [UInt8], in layout: Layout) {
    guard bytes.holds([0x0A, 0xF3], at: 0), let room = try? bytes.little(UInt16.self, at: 4),
      let depth = try? bytes.little(UInt16.self, at: 6), depth == 0
    else { return nil }
    let end = 12 + 12 * Int(room)
    guard let stored = try? bytes.little(UInt32.self, at: end), stored != 0,
      let runs = BlockMap(layout: layout, versions: { _ in [] }).runs(ofLeaf: bytes), !runs.isEmpty
    else { return nil }
    self.runs = runs
    seal = ExtChecksum.seed(before: bytes[..<end], after: stored)
  }

  /// The start of the leaf in its file, in blocks.
  var start: UInt64 { runs.first?.logical ?? 0 }
  var end: UInt64 { runs.last.map { $0.logical + $0.count } ?? 0 }
}
