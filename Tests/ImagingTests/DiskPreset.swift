// SPDX-License-Identifier: Apache-2.0

/// The ways in which simulated disks fail.
enum DiskPreset: String, CaseIterable {
  case scattered, heads, deadhead, zone, intermittent, slow

  /// - Parameter divisor: by how much the disk is smaller than 1 or 2 GiB, and the damage with it.
  func disk(seed: UInt64, divisor: Int = 1) -> SimulatedDisk {
    let mebibyte = 0x10_0000 / SimulatedDisk.block
    let size = (self == .scattered || self == .zone || self == .slow ? 2048 : 1024) / divisor
    var disk = SimulatedDisk(size: size * 0x10_0000, seed: seed)
    var noise = Noise(seed &* 77)
    func scatter(_ count: Int, longest: UInt64, in range: Range<Int>, likelihood: UInt8 = 255) {
      for _ in 0..<count {
        let start = range.lowerBound + Int(noise.below(UInt64(range.count)))
        disk.damage(start..<start + 1 + Int(noise.below(longest)), likelihood: likelihood)
      }
    }
    func speckle(_ range: Range<Int>, percent: UInt64) {
      for block in range where noise.below(100) < percent { disk.damage(block..<block + 1) }
    }
    switch self {
    case .scattered: scatter(200 / divisor, longest: 4, in: 0..<size * mebibyte)
    case .intermittent:
      // Three tries in ten come.
      scatter(300 / divisor, longest: 4, in: 0..<size * mebibyte, likelihood: 178)
    case .zone:
      let start = size * 6 / 10 * mebibyte
      speckle(start..<start + 32 / divisor * mebibyte, percent: 90)
    case .heads, .deadhead:
      for stripe in stride(from: 16, to: size, by: 32) {
        speckle(stripe * mebibyte..<(stripe + 8) * mebibyte, percent: self == .heads ? 2 : 100)
      }
    case .slow:
      let start = 800 / divisor * mebibyte
      let range = start..<start + 128 / divisor * mebibyte
      disk.slowness = .init(blocks: range)
      scatter(60 / divisor, longest: 2, in: range)
    }
    disk.start()
    return disk
  }
}
