// SPDX-License-Identifier: Apache-2.0

/// Clusters that follow one another, as FAT and exFAT count: the first one of the data area is 2.
package struct ClusterRun: Hashable, Sendable {
  package let start: UInt32
  package var count: UInt32
  package var end: UInt32 { start &+ count }

  package init(start: UInt32, count: UInt32) {
    self.start = start
    self.count = count
  }
}
