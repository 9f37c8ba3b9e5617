// SPDX-License-Identifier: Apache-2.0

/// Windows gathered into eight buckets, so that one byte has a bit for each. A bucket takes any mix of
/// its windows' bytes; windows are put together where that lets the fewest others in.
struct Buckets {
  /// At most eight; four classes each.
  private(set) var all: [[ByteClass]]

  init(of windows: [Window]) {
    all = []
    for window in windows where !all.contains(window.classes) { all.append(window.classes) }
    var costs = all.map { first in all.map { Self.cost($0, with: first) } }
    while all.count > 8 {
      var best = (first: 0, second: 1, cost: Double.infinity)
      for first in all.indices {
        for second in all.indices where second > first && costs[first][second] < best.cost {
          best = (first, second, costs[first][second])
        }
      }
      all[best.first] = Self.merged(all[best.first], all[best.second])
      all.remove(at: best.second)
      costs.remove(at: best.second)
      for row in costs.indices { costs[row].remove(at: best.second) }
      for other in all.indices {
        costs[best.first][other] = Self.cost(all[best.first], with: all[other])
        costs[other][best.first] = costs[best.first][other]
      }
    }
  }

  private static func merged(_ first: [ByteClass], _ second: [ByteClass]) -> [ByteClass] {
    zip(first, second).map { $0.union($1) }
  }

  /// How many more places would pass if two buckets were one.
  private static func cost(_ first: [ByteClass], with second: [ByteClass]) -> Double {
    rate(merged(first, second)) - rate(first) - rate(second)
  }

  /// The share of places that a bucket lets pass. Runs of one value are common on disks: a bucket
  /// that takes them costs as much as the runs do.
  private static func rate(_ classes: [ByteClass]) -> Double {
    var rate = Window.frequency(of: classes)
    for (value, share) in [(0x00, 0.3), (0xFF, 0.05), (0x20, 0.02)] as [(UInt8, Double)]
    where classes.allSatisfy({ $0.containsByNibbles(value) }) {
      rate += share
    }
    return rate
  }
}
