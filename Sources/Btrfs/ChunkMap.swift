// SPDX-License-Identifier: Apache-2.0

import Bytes

/// All chunks, and with them the way from an address to the bytes of this device.
struct ChunkMap: Sendable {
  /// Sorted by address, without overlap.
  private(set) var chunks: [Chunk] = []
  /// The device that is read; stripes on others are lost.
  let device: UInt64

  init(device: UInt64) { self.device = device }

  /// More chunks than a file system of many petabytes has.
  private static let mostChunks = 1 << 18

  /// Adds chunks whose addresses are not taken, of several for the same addresses the first: addresses
  /// are not given out twice, so that chunks of the past can be added behind those of the present.
  mutating func add(_ new: [Chunk]) {
    let order = new.indices.sorted {
      (new[$0].range.lowerBound, $0) < (new[$1].range.lowerBound, $1)
    }
    var accepted: [Chunk] = []
    for index in order where chunks.count + accepted.count < Self.mostChunks {
      let chunk = new[index]
      if let last = accepted.last, last.range.upperBound > chunk.range.lowerBound { continue }
      if !isTaken(chunk.range) { accepted.append(chunk) }
    }
    chunks = (chunks + accepted).sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  private func isTaken(_ range: Range<ByteOffset>) -> Bool {
    let index = index(at: range.lowerBound)
    return index < chunks.count && chunks[index].range.lowerBound < range.upperBound
  }

  /// The first chunk that does not end before an address.
  private func index(at address: ByteOffset) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle].range.upperBound <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The chunk that holds an address.
  func chunk(at address: ByteOffset) -> Chunk? {
    let index = index(at: address)
    guard index < chunks.count, chunks[index].range.contains(address) else { return nil }
    return chunks[index]
  }

  /// How often the bytes at an address are there; 0 where no chunk holds it.
  func copyCount(at address: ByteOffset) -> Int { chunk(at: address)?.copyCount ?? 0 }

  /// Where one copy of a range of addresses lies on this device, in order; nil stands for what lies on
  /// another, or nowhere.
  func places(
    of range: Range<ByteOffset>, copy: Int
  ) -> [(place: Range<ByteOffset>?, count: ByteCount)] {
    var result: [(place: Range<ByteOffset>?, count: ByteCount)] = []
    var position = range.lowerBound
    while position < range.upperBound {
      guard let chunk = chunk(at: position),
        let found = chunk.place(of: position, copy: copy < chunk.copyCount ? copy : 0),
        found.run > 0
      else {
        result.append((nil, (position..<range.upperBound).length))
        break
      }
      let count = min(found.run, (position..<range.upperBound).length)
      let isHere = found.stripe?.device == device
      result.append(
        (isHere ? try? Range(at: found.place, count: count) : nil, count))
      position = position.advancedClamped(by: count)
    }
    return result
  }
}
