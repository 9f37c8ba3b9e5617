// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

/// The blocks of a stretch of the pool, in order, and what each of them looks like.
struct BlockTrace {
  let places: [ByteOffset]
  private let looks: [Look]
  private let indices: [ByteOffset: Int]

  /// What is compared of a block.
  private struct Look {
    let kind: BlockClass
    /// How often each byte value occurs, zeros left out, as a vector of length 1.
    let shares: [SIMD64<Float>]
    let isStart: Bool
    let endsInZeros: Bool
  }

  init(_ places: [ByteOffset], pool: Pool, starts: Set<ByteOffset>) {
    self.places = places
    let size = ByteCount(min(pool.grid.size, BlockClass.blockSize.rawValue))
    looks = places.map { place in
      let end = place.advancedClamped(by: size)
      let source = pool.space.readable([Extent(place..<end)], name: "block")
      let look = try? source.withBytes(in: source.range) { bytes in
        Self.look(bytes, isStart: starts.contains(place))
      }
      return look ?? Look(kind: .zero, shares: [], isStart: false, endsInZeros: true)
    }
    indices = Dictionary(
      zip(places, places.indices), uniquingKeysWith: { first, _ in first })
  }

  func index(of place: ByteOffset) -> Int? { indices[place] }

  /// Whether a file begins with the block.
  func isStart(_ index: Int) -> Bool { looks[index].isStart }

  /// Whether one block is text, or all the same, and the other is not.
  func isChange(_ index: Int, _ next: Int) -> Bool {
    let (before, after) = (looks[index].kind, looks[next].kind)
    return (before == .text) != (after == .text) || before.isPlain != after.isPlain
  }

  /// How much block `next` looks like another file's than that of block `index`: 0 for the same shares
  /// of bytes, 1 for none in common, a little more where an end shows.
  func contrast(_ index: Int, _ next: Int) -> Float {
    let (before, after) = (looks[index], looks[next])
    var result: Float = 1
    if before.kind.isPlain || after.kind.isPlain {
      result = before.kind.isPlain && after.kind.isPlain ? 0 : 1
    } else {
      for (left, right) in zip(before.shares, after.shares) { result -= (left * right).sum() }
    }
    if isChange(index, next) { result += 0.25 }
    if before.endsInZeros, !after.kind.isPlain { result += 0.125 }
    return result
  }

  private static func look(_ bytes: RawSpan, isStart: Bool) -> Look {
    var counts = [SIMD64<Float>](repeating: .zero, count: 4)
    let all = (try? bytes.copy(at: 0, count: bytes.byteCount)) ?? []
    var frequencies = [Float](repeating: 0, count: 256)
    for byte in all { frequencies[Int(byte)] += 1 }
    for value in 1..<256 { counts[value >> 6][value & 63] = frequencies[value] }
    let length = counts.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
    let tail = max(0, bytes.byteCount - 16)
    let isFilled = (tail..<bytes.byteCount).allSatisfy {
      (try? bytes.little(UInt8.self, at: $0)) == 0
    }
    return Look(
      kind: BlockClassifier.runs(in: bytes).first?.kind ?? .zero,
      shares: length > 0 ? counts.map { $0 / length } : counts, isStart: isStart,
      endsInZeros: isFilled)
  }
}

extension BlockClass {
  /// Whether all of its bytes are the same.
  fileprivate var isPlain: Bool { self == .zero || self == .constant }
}
