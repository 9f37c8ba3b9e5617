// SPDX-License-Identifier: Apache-2.0

import Volumes

/// Clusters that deleted files were given, and how much searching is left.
struct Claims {
  private(set) var set: ClusterSet
  private var budget: UInt64

  /// - Parameter visited: clusters of directories, which no file has.
  init(visited: ClusterSet) {
    set = visited
    budget = UInt64(visited.end) &* 64 &+ 0x1000_0000
  }

  var isSpent: Bool { budget == 0 }

  mutating func spend(_ count: UInt32) { budget -= min(budget, UInt64(count)) }

  mutating func add(_ run: ClusterRun) { set.insert(run) }
}
