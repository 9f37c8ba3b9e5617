// SPDX-License-Identifier: Apache-2.0

/// A failing disk in simulated time: what can be read, what each read costs, and what has come.
///
/// 150 MB/s; 0.1 ms a command; a move of the head 1 to 15 ms by the root of its way, and 4.2 ms for
/// half a turn; 3 s an error; 0.5 s a weak block that comes. Blocks of 4 KiB fail as a whole.
struct SimulatedDisk {
  static let block = 0x1000
  /// A stretch that is read slowly.
  struct Slowness {
    var blocks: Range<Int>
    var secondsPerRead = 0.05
    var bytesPerSecond = 1e6
  }

  let size: Int
  let seed: UInt64
  /// How likely a try of each block fails: 0 and 255 for never and always.
  private(set) var failing: [UInt8]
  var slowness: Slowness?
  var errorSeconds = 3.0
  /// The 512-byte sectors that fail, where bad blocks do not fail as a whole.
  var badSectors: Set<Int>?
  private var tries: [Int: UInt64] = [:]
  /// Which 512-byte sectors of each block have come.
  private var seen: [UInt8]

  private(set) var seconds = 0.0
  private var position = 0
  private(set) var reads = 0
  private(set) var failures = 0
  private(set) var touched: Set<Int> = []
  private(set) var came = 0
  /// When this many thousandths of what is readable had come.
  private(set) var marks: [Int: Double] = [:]
  private(set) var readable = 0

  init(size: Int, seed: UInt64) {
    (self.size, self.seed) = (size, seed)
    failing = Array(repeating: 0, count: (size + Self.block - 1) / Self.block)
    seen = Array(repeating: 0, count: failing.count)
  }

  mutating func damage(_ blocks: Range<Int>, likelihood: UInt8 = 255) {
    for block in blocks.clamped(to: 0..<failing.count) { failing[block] = likelihood }
  }

  /// To be called once the damage is done.
  mutating func start() {
    readable = failing.count { $0 < 255 } * Self.block
    if let badSectors {
      readable += failing.count { $0 == 255 } * Self.block - badSectors.count * 512
    }
  }

  /// Reads; nil where it came, else the start of the block that failed.
  mutating func read(_ offset: Int, _ length: Int) -> Int? {
    reads += 1
    seconds += 0.0001 + move(to: offset)
    let first = offset / Self.block
    let end = (offset + length - 1) / Self.block + 1
    if let slowness, slowness.blocks.overlaps(first..<end) {
      let blocks = slowness.blocks.clamped(to: first..<end).count
      seconds += slowness.secondsPerRead
      seconds += Double(blocks * Self.block) / slowness.bytesPerSecond
    }
    for block in first..<end where failing[block] > 0 {
      guard fails(block, offset, length) else {
        seconds += failing[block] < 255 ? 0.5 : 0
        continue
      }
      let reached = max(0, block * Self.block - offset)
      seconds += Double(reached) / 150e6 + errorSeconds
      position = offset + reached
      failures += 1
      touched.insert(block)
      return block * Self.block
    }
    seconds += Double(length) / 150e6
    position = offset + length
    note(offset, length, first..<end)
    return nil
  }

  private mutating func fails(_ block: Int, _ offset: Int, _ length: Int) -> Bool {
    if failing[block] == 255 {
      guard let badSectors else { return true }
      let start = max(offset, block * Self.block) / 512
      let end = (min(offset + length, (block + 1) * Self.block) + 511) / 512
      return (start..<end).contains { badSectors.contains($0) }
    }
    let count = (tries[block] ?? 0) + 1
    tries[block] = count
    var noise = Noise(seed &* 0x9E37_79B9 &+ UInt64(block) &* 0x1000_0001 &+ count)
    return noise.below(255) < UInt64(failing[block])
  }

  private mutating func move(to offset: Int) -> Double {
    let way = offset - position
    guard way != 0 else { return 0 }
    let seek = 0.0052 + 0.014 * (Double(abs(way)) / Double(size)).squareRoot()
    return way > 0 && way <= 0x10_0000 ? min(seek, Double(way) / 150e6) : seek
  }

  private mutating func note(_ offset: Int, _ length: Int, _ blocks: Range<Int>) {
    var new = 0
    for block in blocks where seen[block] != 255 {
      let start = max(0, (offset - block * Self.block) / 512)
      let stop = min(8, (offset + length - block * Self.block + 511) / 512)
      let bits = UInt8(truncatingIfNeeded: (1 << stop) - (1 << start))
      new += (bits & ~seen[block]).nonzeroBitCount * 512
      seen[block] |= bits
    }
    let before = came * 1000 / max(readable, 1)
    came += new
    let after = came * 1000 / max(readable, 1)
    if after > before { for mark in before + 1...after { marks[mark] = seconds } }
  }

  /// Whether the whole of a block has come.
  func has(_ block: Int) -> Bool { seen[block] == 255 }
}

/// Numbers that only look random.
struct Noise {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }
}
