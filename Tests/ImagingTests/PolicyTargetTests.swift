// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Imaging

/// What the policy promises beside GNU ddrescue, in simulated time. `IMAGING_FULL=1` uses disks of
/// full size and three seeds; else those that take long are a quarter of that.
@Suite("The policy beside ddrescue's passes")
struct PolicyTargetTests {
  static let isFull = ProcessInfo.processInfo.environment["IMAGING_FULL"] != nil
  private static func divisor(_ preset: DiskPreset) -> Int {
    isFull || ![.deadhead, .zone].contains(preset) ? 1 : 4
  }
  static let seeds: [UInt64] = isFull ? [1, 2, 3] : [5]

  /// Times at which shares of the readable data had come, and the end.
  private func run(
    _ preset: DiskPreset, seed: UInt64, sector: UInt64, names: Bool = false
  ) -> PolicyRun {
    var rescue = PolicyRun(
      preset.disk(seed: seed, divisor: Self.divisor(preset)), sector: .init(sector))
    rescue.namesSectors = names
    rescue.run()
    return rescue
  }

  @Test(
    "Everything readable, with few failed reads, never much later than ddrescue -b4096",
    arguments: DiskPreset.allCases)
  func beatsLargeSectors(preset: DiskPreset) throws {
    for seed in Self.seeds {
      let peer = DdrescuePasses.run(
        on: preset.disk(seed: seed, divisor: Self.divisor(preset)), unit: 4096)
      for (sector, names) in [(512, false), (4096, false), (4096, true)] as [(UInt64, Bool)] {
        let rescue = run(preset, seed: seed, sector: sector, names: names)
        let disk = rescue.disk
        #expect(rescue.violations.isEmpty)
        for mark in [500, 900, 990, 999, 1000] {
          guard let theirs = peer.marks[mark] else { continue }
          let ours = try #require(disk.marks[mark])
          // A mark may fall between two reads, or before the first failure.
          #expect(ours <= 1.1 * theirs + 3.5, "\(preset) seed \(seed) sector \(sector) at \(mark)")
        }
        let perBad = Double(disk.failures) / Double(disk.touched.count)
        switch preset {
        case .intermittent:
          #expect(disk.failures <= 3000)
          #expect(disk.came >= disk.readable - disk.readable / 10_000)
        case .slow:
          #expect(disk.came == disk.readable)
          #expect(perBad <= (names ? 1.3 : 1.8), "\(preset) seed \(seed) sector \(sector)")
        default:
          #expect(disk.came == disk.readable)
          #expect(perBad <= (names ? 1.1 : 1.6), "\(preset) seed \(seed) sector \(sector)")
        }
      }
    }
  }

  @Test("Sooner than ddrescue with its usual sectors", arguments: DiskPreset.allCases)
  func beatsSmallSectors(preset: DiskPreset) throws {
    for seed in Self.seeds {
      let peer = DdrescuePasses.run(
        on: preset.disk(seed: seed, divisor: Self.divisor(preset)), unit: 512)
      let disk = run(preset, seed: seed, sector: 512).disk
      func sooner(_ mark: Int) throws -> Double {
        try #require(peer.marks[mark]) / #require(disk.marks[mark])
      }
      let end = peer.seconds / disk.seconds
      switch preset {
      case .scattered, .zone: #expect(end >= 5)
      case .heads:
        #expect(try sooner(500) >= 15)
        #expect(try sooner(990) >= 5)
        #expect(end >= 5)
      case .deadhead:
        // Three stripes are met before the rest can be told: of a smaller disk a larger share.
        #expect(try sooner(900) >= (Self.isFull ? 8 : 2.5))
        #expect(try sooner(990) >= (Self.isFull ? 5 : 2.5))
        #expect(end >= 5)
      case .slow:
        #expect(try sooner(500) >= 20)
        #expect(try sooner(900) >= 20)
        #expect(end >= 3)
      case .intermittent:
        #expect(try #require(disk.marks[998]) <= peer.seconds / 5)
        #expect(try #require(disk.marks[999]) <= peer.seconds)
      }
    }
  }

  @Test(
    "A healthy disk is not thought slow because others take the processor",
    arguments: [(1, 0.3), (5, 0.1), (30, 0.03), (60, 0.01)] as [(UInt64, Double)])
  func isNotMisledByLoad(percent: UInt64, longest: Double) {
    var disk = SimulatedDisk(size: 0x8000_0000, seed: 1)
    disk.start()
    var rescue = PolicyRun(disk)
    rescue.load = (percent, longest)
    rescue.run()
    // Each time it does, it jumps away and comes back.
    #expect(rescue.jumps <= rescue.steps / 200, "\(rescue.jumps) of \(rescue.steps)")
  }

  @Test(
    "A slow area is left, whatever else the machine does",
    arguments: [(1, 0.3, 1), (30, 0.03, 1), (1, 0.008, 0.02), (100, 0.0002, 0.02)]
      as [(UInt64, Double, Double)])
  func noticesSlowness(percent: UInt64, longest: Double, rate: Double) throws {
    for seed in Self.seeds {
      let peer = DdrescuePasses.run(on: DiskPreset.slow.disk(seed: seed), unit: 4096)
      var rescue = PolicyRun(DiskPreset.slow.disk(seed: seed), sector: 512)
      (rescue.load, rescue.clockRate) = ((percent, longest), rate)
      rescue.run()
      // Where all is fast, what a processor takes is not told from slowness at once.
      let soon = rate == 1 ? 0.05 : 0.07
      for (mark, share) in [500: soon, 900: soon, 990: 1.1, 999: 1.1, 1000: 1.1] {
        let (ours, theirs) = try (#require(rescue.disk.marks[mark]), #require(peer.marks[mark]))
        #expect(ours <= share * theirs + 3.5, "seed \(seed) at \(mark)")
      }
    }
  }

  @Test("At half of the work the rest is known within a factor of two", arguments: Self.seeds)
  func forecasts(seed: UInt64) throws {
    for preset in DiskPreset.allCases {
      let factor = try #require(run(preset, seed: seed, sector: 512).forecastFactor)
      #expect(factor <= 2, "\(preset)")
    }
  }
}
