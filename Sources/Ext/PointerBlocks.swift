// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The blocks of block numbers that deleted files left in free space, and the files that they add up to.
///
/// Deletion empties the inode, but not these. A file's first twelve blocks are named by the inode alone:
/// they lie before the thirteenth, as a rule.
struct PointerBlocks {
  private let layout: Layout
  private var blocks: [UInt32: PointerBlock] = [:]
  /// Numbers in all of them.
  private var count = 0
  /// Blocks whose numbers are those of such blocks in turn.
  private var upper: Set<UInt32> = []
  /// Blocks that an upper one names.
  private var children: Set<UInt32> = []

  /// One read.
  private static let window: UInt64 = 0x10_0000
  /// As many numbers as memory has room for.
  private static let most = 0x400_0000
  static let direct: UInt64 = 12

  /// Reads all free blocks of a volume.
  init(in volume: ExtVolume, free: [Range<UInt64>]) {
    layout = volume.layout
    for run in free {
      var block = run.lowerBound
      while block < run.upperBound, count < Self.most {
        let end = min(block + Self.window / layout.blockSize, run.upperBound)
        read(volume, block..<end)
        block = end
      }
    }
    for (number, block) in blocks {
      let known = block.numbers.count { blocks[$0] != nil && $0 != number }
      guard let first = block.numbers.first, blocks[first] != nil, known * 2 > block.numbers.count
      else { continue }
      upper.insert(number)
      children.formUnion(block.numbers)
    }
  }

  private mutating func read(_ volume: ExtVolume, _ run: Range<UInt64>) {
    let size = layout.blockBytes
    var found: [(UInt32, [UInt8])] = []
    try? volume.unpatched.withBytes(in: layout.range(of: run)) { bytes in
      for index in 0..<bytes.byteCount / size
      where PointerBlock.resembles(bytes, at: index * size, in: layout) {
        if let number = UInt32(exactly: run.lowerBound + UInt64(clamping: index)),
          let block = try? bytes.copy(at: index * size, count: size)
        {
          found.append((number, block))
        }
      }
    }
    for (number, bytes) in found {
      guard let block = PointerBlock(bytes, in: layout) else { continue }
      blocks[number] = block
      count += block.numbers.count
    }
  }

  /// A file as lists of blocks have it.
  struct File {
    let runs: [BlockRun]
    /// The blocks that hold the lists.
    let lists: [UInt32]
    /// Whether its first list lies right before the blocks that it names, as drivers of old put it.
    let isAmid: Bool
    /// Whether no other list tells of a file from the same block on.
    let isSole: Bool
  }

  /// Blocks of a file behind its twelfth, and those that name them.
  private struct Named {
    var numbers: [UInt32]
    var lists: [UInt32]
    var isSole = true
  }

  /// The files, by the first block of each, in order.
  func files() -> [File] {
    // The next level of a file begins behind the end of the one before.
    var continuations: [UInt64: UInt32] = [:]
    for number in upper.sorted() where !children.contains(number) {
      if let first = firstNumber(below: number) {
        continuations[UInt64(first)] = number
      }
    }
    var files: [UInt64: Named] = [:]
    // A block belongs to one file.
    var used: Set<UInt32> = []
    for (number, block) in blocks.sorted(by: { $0.key < $1.key })
    where !upper.contains(number) && !children.contains(number) {
      guard let thirteenth = block.numbers.first else { continue }
      // Drivers of old put the block of numbers itself between the twelfth and the thirteenth.
      let behind = thirteenth == number &+ 1 ? UInt64(number) : UInt64(thirteenth)
      guard behind >= Self.direct + layout.superblock.firstDataBlock else { continue }
      let start = behind - Self.direct
      var named = Named(numbers: block.numbers, lists: [number])
      var isFull = block.isFull
      while isFull, let next = continuation(behind: named.numbers, of: number, continuations),
        used.insert(next).inserted
      {
        named.lists.append(next)
        let more = leaves(of: next, &used, &named.lists)
        named.numbers += more.flatMap(\.numbers)
        isFull = more.last?.isFull ?? false && blocks[next]?.isFull ?? false
      }
      named.isSole = files[start] == nil
      files[start]?.isSole = false
      if named.numbers.count > files[start]?.numbers.count ?? 0 { files[start] = named }
    }
    return joined(files).map { start, named in
      let isAmid = named.lists.first.map { named.numbers.first == $0 &+ 1 } ?? false
      return File(
        runs: runs(from: start, named.numbers), lists: named.lists, isAmid: isAmid,
        isSole: named.isSole)
    }
  }

  /// Where the block of the next level is lost, the lists below it still follow on each other: one that
  /// begins where a full one ends goes on with its file.
  private func joined(_ files: [UInt64: Named]) -> [(start: UInt64, named: Named)] {
    let perBlock = layout.blockBytes / 4
    var rest = files
    var result: [(start: UInt64, named: Named)] = []
    for (start, named) in files.sorted(by: { $0.key < $1.key }) where rest[start] != nil {
      rest[start] = nil
      var named = named
      while named.numbers.count % perBlock == 0, let last = named.numbers.last,
        named.numbers.count < Self.most, UInt64(last) + 1 >= Self.direct,
        let more = rest[UInt64(last) + 1 - Self.direct], more.numbers.first == last &+ 1
      {
        rest[UInt64(last) + 1 - Self.direct] = nil
        named.numbers += more.numbers
        named.lists += more.lists
      }
      result.append((start, named))
    }
    return result
  }

  /// The block of the next level: the one whose first number follows on the last, or a few blocks
  /// behind, where blocks of numbers lie between.
  private func continuation(
    behind numbers: [UInt32], of single: UInt32, _ continuations: [UInt64: UInt32]
  ) -> UInt32? {
    guard let last = numbers.last, numbers.count < Self.most else { return nil }
    for distance in 1...3 as ClosedRange<UInt64> {
      if let next = continuations[UInt64(last) + distance], next != single { return next }
    }
    let next = single &+ 1
    return numbers.count == layout.blockBytes / 4 && upper.contains(next)
      && !children.contains(next) ? next : nil
  }

  /// The first number of the lowest block below an upper one.
  private func firstNumber(below number: UInt32) -> UInt32? {
    var first = blocks[number]?.numbers.first
    for _ in 0..<2 {
      guard let child = first, let below = blocks[child] else { return first }
      first = below.numbers.first
      if !upper.contains(child) { return first }
    }
    return first
  }

  /// The lowest blocks below an upper one, up to the first that is missing.
  private func leaves(
    of number: UInt32, _ used: inout Set<UInt32>, _ lists: inout [UInt32], depth: Int = 0
  ) -> [PointerBlock] {
    guard depth < 2, let block = blocks[number] else { return [] }
    var result: [PointerBlock] = []
    for child in block.numbers {
      guard let below = blocks[child], used.insert(child).inserted else { break }
      lists.append(child)
      if upper.contains(child) {
        result += leaves(of: child, &used, &lists, depth: depth + 1)
      } else {
        result.append(below)
      }
      guard result.last?.isFull ?? false else { break }
    }
    return result
  }

  private func runs(from start: UInt64, _ numbers: [UInt32]) -> [BlockRun] {
    var runs = [BlockRun(logical: 0, physical: start, count: Self.direct)]
    for (index, number) in numbers.enumerated() {
      let last = runs[runs.count - 1]
      if last.physical + last.count == UInt64(number) {
        runs[runs.count - 1].count += 1
      } else {
        let logical = Self.direct + UInt64(clamping: index)
        runs.append(BlockRun(logical: logical, physical: UInt64(number), count: 1))
      }
    }
    return runs
  }
}
