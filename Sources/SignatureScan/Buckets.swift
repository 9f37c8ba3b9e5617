// SPDX-License-Identifier: Apache-2.0

/// Windows gathered into eight buckets, so that one byte has a bit for each. A bucket takes any mix of
/// its windows' bytes; windows are put together where that lets the fewest others in.
struct Buckets {
  /// At most eight; four classes each.
  private(set) var all: [[ByteClass]]
  /// The share of places that each bucket lets pass.
  private var rates: [Double]
  /// How many more places would pass if two buckets were one; the lower index first.
  private var costs: [[Double]] = []

  init(of windows: [Window]) {
    var seen = Set<[ByteClass]>()
    all = windows.map(\.classes).filter { seen.insert($0).inserted }
    rates = all.map { Self.rate($0, with: $0) }
    costs = all.indices.map { first in
      all.indices.map { second in second > first ? cost(first, second) : .infinity }
    }
    while all.count > 8, let (first, second) = cheapest { merge(first, second) }
  }

  private var cheapest: (first: Int, second: Int)? {
    var best: (first: Int, second: Int)?
    var least = Double.infinity
    for first in costs.indices {
      for (second, cost) in costs[first].enumerated() where cost < least {
        best = (first, second)
        least = cost
      }
    }
    return best
  }

  private mutating func merge(_ first: Int, _ second: Int) {
    all[first] = zip(all[first], all[second]).map { $0.union($1) }
    rates[first] = Self.rate(all[first], with: all[first])
    all.remove(at: second)
    rates.remove(at: second)
    costs.remove(at: second)
    for row in costs.indices { costs[row].remove(at: second) }
    for other in all.indices where other != first {
      costs[min(first, other)][max(first, other)] = cost(min(first, other), max(first, other))
    }
  }

  private func cost(_ first: Int, _ second: Int) -> Double {
    Self.rate(all[first], with: all[second]) - rates[first] - rates[second]
  }

  /// The share of places that the union of two buckets lets pass. Runs of one value are common on
  /// disks: a bucket that takes them costs as much as the runs do.
  private static func rate(_ first: [ByteClass], with second: [ByteClass]) -> Double {
    var inData = 0.5
    var inText = 0.35
    for index in first.indices {
      let frequency = first[index].frequency(with: second[index])
      inData *= frequency.inData
      inText *= frequency.inText
    }
    var rate = inData + inText
    for (value, share) in [(0x00, 0.3), (0xFF, 0.05), (0x20, 0.02)] as [(UInt8, Double)]
    where first.indices.allSatisfy({ first[$0].containsByNibbles(value, with: second[$0]) }) {
      rate += share
    }
    return rate
  }
}
