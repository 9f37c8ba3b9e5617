// SPDX-License-Identifier: Apache-2.0

/// What a map says is not finished, for asking of many ranges; what it does not mention was not tried.
package struct UnreadBlocks: Sendable {
  /// Sorted, none finished.
  private let blocks: [Mapfile.Block]

  package init(_ map: Mapfile) {
    let before = Mapfile.Block(0..<map.extent.lowerBound, .nonTried)
    let behind = Mapfile.Block(map.extent.upperBound..<ByteOffset(.max), .nonTried)
    blocks = ([before] + map.blocks + [behind]).filter {
      $0.status != .finished && !$0.range.isEmpty
    }
  }

  /// The parts of `range` that were not read, in order.
  package func parts(of range: Range<ByteOffset>) -> [Mapfile.Block] {
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].range.upperBound <= range.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var found: [Mapfile.Block] = []
    while low < blocks.count, blocks[low].range.lowerBound < range.upperBound {
      let part = blocks[low].range.clamped(to: range)
      if !part.isEmpty { found.append(Mapfile.Block(part, blocks[low].status)) }
      low += 1
    }
    return found
  }
}
