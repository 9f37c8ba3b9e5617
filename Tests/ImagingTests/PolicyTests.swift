// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Imaging

@Suite("Which read to try next")
struct PolicyTests {
  private func policy(
    _ length: ByteCount, _ domains: [RangeSet<ByteOffset>], sector: ByteCount = 512,
    retries: Int = 3, map: RescueMap? = nil
  ) -> Policy {
    Policy(
      map ?? RescueMap(length: length),
      PolicySettings(sector: sector, domains: domains, retries: retries))
  }

  /// Whatever reads do, a job ends, stays in its domains, and leaves nothing undecided.
  @Test("Random outcomes are survived", arguments: 0..<60)
  func survives(seed: Int) throws {
    var noise = Noise(UInt64(seed) &* 31)
    let length = ByteCount(0x1000 + noise.below(0x200_0000))
    let sector = ByteCount([512, 4096, 2048, 520][Int(noise.below(4))])
    var domains: [RangeSet<ByteOffset>] = []
    for _ in 0...noise.below(3) {
      let ranges = (0...noise.below(30)).map { _ in
        let start = noise.below(length.rawValue)
        let end = min(length.rawValue, start + 1 + noise.below(length.rawValue / 4))
        return ByteOffset(start)..<ByteOffset(end)
      }
      domains.append(RangeSet(unsorted: ranges))
    }
    // What lies in a block of which a domain holds a part is read with it.
    let block = (4096 + sector.rawValue - 1) / sector.rawValue * sector.rawValue
    let all = RangeSet(
      unsorted: domains.flatMap(\.ranges).map {
        let end = ($0.upperBound.rawValue + block - 1) / block * block
        let start = $0.lowerBound.rawValue / block * block
        return ByteOffset(start)..<ByteOffset(min(end, length.rawValue))
      })
    var map = RescueMap(length: length)
    for _ in 0..<noise.below(40) {
      let start = noise.below(length.rawValue) / 512 * 512
      let end = start + noise.below(0x4_0000) / 512 * 512
      let status = RescueMap.Status.allCases[Int(noise.below(5))]
      map.mark(ByteOffset(start)..<ByteOffset(end), status)
    }
    var policy = policy(length, domains, sector: sector, map: map)
    // In thousandths.
    let (failing, hanging, naming) = (noise.below(1001), noise.below(50), noise.below(1001))
    var steps: UInt64 = 0
    while true {
      let attempts = policy.next()
      if attempts.isEmpty { break }
      #expect(attempts == policy.next())
      for attempt in attempts {
        steps += 1
        #expect(!attempt.range.isEmpty && attempt.range.length <= Attempt.longest)
        #expect(RangeSet(attempt.range).isSubset(of: all))
        #expect(attempt.limit > 0)
        let result: Outcome.Result =
          if noise.below(1000) >= failing {
            .came
          } else if noise.below(1000) < hanging {
            .timedOut
          } else if noise.below(1000) < naming {
            .failed(at: ByteOffset(noise.below(length.rawValue)))
          } else {
            .failed(at: nil)
          }
        policy.note(Outcome(attempt, result, seconds: Double(noise.below(4000)) / 1000))
        if noise.below(500) == 0, steps < 2000 { policy.forget(attempt.range) }
      }
      _ = policy.remaining
      try #require(steps < 40 * (length.rawValue / 512) + 100_000, "no end")
    }
    for status in [RescueMap.Status.nonTried, .nonTrimmed, .nonScraped] {
      #expect(policy.map.ranges(status, in: Array(all.ranges)).isEmpty)
    }
  }

  @Test("The same outcomes lead to the same reads")
  func isDeterministic() {
    func reads() -> [Attempt] {
      var disk = DiskPreset.heads.disk(seed: 3, divisor: 16)
      var policy = policy(
        ByteCount(UInt64(disk.size)), [RangeSet(0..<ByteOffset(UInt64(disk.size)))])
      var reads: [Attempt] = []
      while case let attempts = policy.next(), !attempts.isEmpty {
        for attempt in attempts {
          reads.append(attempt)
          let failed = disk.read(
            Int(attempt.range.lowerBound.rawValue), Int(attempt.range.length.rawValue))
          policy.note(Outcome(attempt, failed == nil ? .came : .failed(at: nil), seconds: 1))
        }
      }
      return reads
    }
    #expect(reads() == reads())
  }

  @Test("Domains are finished one after the other, retries come last")
  func keepsTheOrder() {
    let length: ByteCount = 0x400_0000
    let first = RangeSet<ByteOffset>([0x10_0000..<0x20_0000, 0x300_0000..<0x310_0000])
    let second = RangeSet<ByteOffset>(0..<ByteOffset(length))
    var disk = SimulatedDisk(size: 0x400_0000, seed: 1)
    disk.damage(0x130..<0x133)
    disk.damage(0x1000..<0x1003)
    disk.start()
    var policy = policy(length, [first, second])
    var done = false
    while case let attempts = policy.next(), !attempts.isEmpty {
      for attempt in attempts {
        if attempt.phase == .retrying {
          #expect(policy.map.count(.nonTried) == 0)
        } else if !done, !RangeSet(attempt.range).isSubset(of: first) {
          done = true
          for status in [RescueMap.Status.nonTried, .nonTrimmed, .nonScraped] {
            #expect(policy.map.ranges(status, in: Array(first.ranges)).isEmpty)
          }
        }
        let failed = disk.read(
          Int(attempt.range.lowerBound.rawValue), Int(attempt.range.length.rawValue))
        policy.note(Outcome(attempt, failed == nil ? .came : .failed(at: nil), seconds: 0.01))
      }
    }
    #expect(done)
    #expect(policy.map.count(.bad) == 0x6000)
  }

  @Test("A disk that fails in 512-byte sectors loses no more than those")
  func dividesBlocks() {
    var disk = SimulatedDisk(size: 0x400_0000, seed: 1)
    var bad: Set<Int> = []
    for block in stride(from: 500, to: 16_000, by: 700) {
      disk.damage(block..<block + 1)
      bad.insert(block * 8 + block % 8)
    }
    disk.badSectors = bad
    disk.start()
    var rescue = PolicyRun(disk, sector: 512)
    rescue.run()
    #expect(rescue.violations.isEmpty)
    #expect(rescue.disk.came == rescue.disk.readable)
    #expect(rescue.policy.map.count(.bad) == ByteCount(UInt64(bad.count * 512)))
  }

  @Test("Names of sectors that prove wrong cost no data")
  func survivesLies() {
    var disk = SimulatedDisk(size: 0x400_0000, seed: 1)
    for block in stride(from: 500, to: 16_000, by: 700) { disk.damage(block..<block + 2) }
    disk.start()
    var rescue = PolicyRun(disk)
    rescue.lies = true
    rescue.namesSectors = true
    rescue.run()
    #expect(rescue.disk.came == rescue.disk.readable)
    #expect(rescue.policy.map.count(.bad) == ByteCount(UInt64(disk.size - disk.readable)))
  }

  @Test("A job that was cut off anywhere goes on to the same result")
  func resumes() {
    let disk = DiskPreset.scattered.disk(seed: 9, divisor: 16)
    for cut in [1, 50, 400, 700, 900] {
      var rescue = PolicyRun(disk, retries: 0)
      rescue.run(limit: cut)
      var next = PolicyRun(rescue.disk, retries: 0, map: rescue.policy.map)
      next.run()
      #expect(next.violations.isEmpty)
      #expect(next.disk.came == disk.readable)
      #expect(next.policy.map.count(.finished) == ByteCount(UInt64(disk.readable)))
    }
  }

  @Test("A disk whose failures cost nothing is read in a sensible order all the same")
  func distrustsCheapFailures() {
    var disk = DiskPreset.heads.disk(seed: 4, divisor: 4)
    disk.errorSeconds = 0.00001
    var rescue = PolicyRun(disk)
    rescue.run()
    #expect(rescue.disk.came == rescue.disk.readable)
    #expect(Double(rescue.disk.failures) <= 1.6 * Double(rescue.disk.touched.count))
  }

  @Test("Several reads are in flight where a disk is healthy, one where it is not")
  func flies() throws {
    var policy = policy(0x1000_0000, [RangeSet(0..<0x1000_0000)])
    var most = 1
    while policy.map.count(.finished) < 0x800_0000 {
      let attempts = policy.next()
      most = max(most, attempts.count)
      for attempt in attempts { policy.note(Outcome(attempt, .came, seconds: 0.001)) }
    }
    #expect(most == 4)
    for attempt in policy.next() {
      policy.note(Outcome(attempt, .failed(at: nil), seconds: 3))
    }
    #expect(policy.next().count == 1)
  }
}
