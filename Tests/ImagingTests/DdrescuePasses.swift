// SPDX-License-Identifier: Apache-2.0

/// The passes that GNU ddrescue 1.27 makes by default, as its manual describes them, for comparison:
/// clusters of 64 KiB, sectors of `unit` bytes.
struct DdrescuePasses {
  private enum State: UInt8 { case nonTried, nonTrimmed, nonScraped, bad, finished }

  private var disk: SimulatedDisk
  private let unit: Int
  private var states: [State]
  private let cluster: Int

  /// The disk after all passes.
  static func run(on disk: SimulatedDisk, unit: Int) -> SimulatedDisk {
    var passes = Self(disk: disk, unit: unit)
    passes.copy()
    passes.delimit()
    passes.sweep()
    passes.trim()
    passes.scrape()
    return passes.disk
  }

  private init(disk: SimulatedDisk, unit: Int) {
    (self.disk, self.unit, cluster) = (disk, unit, 0x1_0000 / unit)
    states = Array(repeating: .nonTried, count: disk.size / unit)
  }

  private mutating func comes(_ range: Range<Int>) -> Bool {
    disk.read(range.lowerBound * unit, range.count * unit) == nil
  }

  private mutating func mark(_ range: Range<Int>, _ state: State) {
    for index in range { states[index] = state }
  }

  private func runs(_ state: State) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var index = 0
    while index < states.count {
      guard states[index] == state else {
        index += 1
        continue
      }
      let start = index
      while index < states.count, states[index] == state { index += 1 }
      runs.append(start..<index)
    }
    return runs
  }

  private mutating func copy() {
    let least = max(disk.size / 100_000, 0x1_0000) / unit
    let most = max(least, disk.size / 100 / unit)
    var (index, skip) = (0, 0)
    while index < states.count {
      let range = index..<min(states.count, index + cluster)
      if comes(range) {
        mark(range, .finished)
        (index, skip) = (range.upperBound, 0)
      } else {
        mark(range, .nonTrimmed)
        skip = skip > 0 ? min(most, skip * 2) : least
        index = range.upperBound + skip
      }
    }
  }

  private mutating func delimit() {
    for run in runs(.nonTried).reversed() {
      var end = run.upperBound
      while end > run.lowerBound {
        let range = max(run.lowerBound, end - cluster)..<end
        guard comes(range) else {
          mark(range, .nonTrimmed)
          break
        }
        mark(range, .finished)
        end = range.lowerBound
      }
    }
  }

  private mutating func sweep() {
    for run in runs(.nonTried) {
      for start in stride(from: run.lowerBound, to: run.upperBound, by: cluster) {
        let range = start..<min(run.upperBound, start + cluster)
        mark(range, comes(range) ? .finished : .nonTrimmed)
      }
    }
  }

  private mutating func trim() {
    for run in runs(.nonTrimmed) {
      var (start, end) = (run.lowerBound, run.upperBound)
      var came = !(start > 0 && states[start - 1] == .bad)
      while came, start < end {
        came = comes(start..<start + 1)
        states[start] = came ? .finished : .bad
        start += 1
      }
      came = !(end < states.count && states[end] == .bad)
      while came, start < end {
        came = comes(end - 1..<end)
        states[end - 1] = came ? .finished : .bad
        end -= 1
      }
      if start < end { mark(start..<end, .nonScraped) }
    }
  }

  private mutating func scrape() {
    for run in runs(.nonScraped) {
      for index in run { states[index] = comes(index..<index + 1) ? .finished : .bad }
    }
  }
}
