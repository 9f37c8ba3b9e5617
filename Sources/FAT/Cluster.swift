// SPDX-License-Identifier: Apache-2.0

/// The number of a cluster as FAT counts: the first one of the data area is 2.
struct Cluster: Hashable, Sendable, Comparable {
  let rawValue: UInt32
  init(_ rawValue: UInt32) { self.rawValue = rawValue }
  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
