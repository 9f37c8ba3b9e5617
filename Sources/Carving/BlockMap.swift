// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

/// What the blocks around a broken file look like, read once.
struct BlockMap {
  private let pool: Pool
  private let starts: Set<ByteOffset>
  private var kinds: [ByteOffset: BlockClass] = [:]

  init(pool: Pool, starts: Set<ByteOffset>) {
    self.pool = pool
    self.starts = starts
  }

  /// The class of the block that begins at `place`.
  mutating func kind(at place: ByteOffset) -> BlockClass {
    if let kind = kinds[place] { return kind }
    let count = ByteCount(min(pool.grid.size, BlockClass.blockSize.rawValue))
    let range = place..<place.advancedClamped(by: count)
    let source = pool.space.readable([Extent(range)], name: "block")
    let kind = try? source.withBytes(in: source.range) {
      BlockClassifier.runs(in: $0).first?.kind
    }
    kinds[place] = kind ?? .zero
    return kind ?? .zero
  }

  /// Whether another file begins at `place`.
  func isStart(_ place: ByteOffset) -> Bool { starts.contains(place) }

  /// How much the block at `place` looks like the one before `cut` of a file.
  func likeness(of place: ByteOffset, behind file: Assembly, at cut: ByteOffset) -> Double {
    let size = min(pool.grid.size, BlockClass.blockSize.rawValue)
    guard cut.rawValue >= size,
      let before = file.place(behind: ByteOffset(cut.rawValue - size))
    else { return 1 }
    return ByteHistogram(bytes(at: before)).likeness(to: ByteHistogram(bytes(at: place)))
  }

  /// How much the block at `place` looks like the one before it on the medium.
  func likenessToBefore(_ place: ByteOffset) -> Double {
    guard place.rawValue >= pool.grid.size else { return 0 }
    return ByteHistogram(bytes(at: ByteOffset(place.rawValue - pool.grid.size)))
      .likeness(to: ByteHistogram(bytes(at: place)))
  }

  private func bytes(at place: ByteOffset) -> [UInt8] {
    let size = ByteCount(min(pool.grid.size, BlockClass.blockSize.rawValue))
    let source = pool.space.readable(
      [Extent(place..<place.advancedClamped(by: size))], name: "block")
    return (try? source.read(at: 0, count: size)) ?? []
  }

  /// Whether something else seems to begin at `place`: a file, a block that looks different, what lies
  /// behind somebody's.
  mutating func isSeam(at place: ByteOffset) -> Bool {
    if starts.contains(place) { return true }
    guard place.rawValue >= pool.grid.size else { return true }
    let before = ByteOffset(place.rawValue - pool.grid.size)
    guard pool.space.contains(before) else { return true }
    return kind(at: before) != kind(at: place) || endsInZeros(before)
  }

  /// Whether the block's last bytes are zeros, as behind a file's end.
  private func endsInZeros(_ block: ByteOffset) -> Bool {
    let end = block.advancedClamped(by: ByteCount(pool.grid.size))
    let source = pool.space.readable([Extent(ByteOffset(end.rawValue &- 16)..<end)], name: "slack")
    guard let bytes = try? source.read(at: 0, count: 16) else { return false }
    return bytes.allSatisfy { $0 == 0 }
  }
}
