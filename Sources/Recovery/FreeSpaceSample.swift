// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// What a look at a few blocks of a volume's free space tells, before a scan of hours: where nearly
/// all are blank, deleted files were erased (TRIM), and hardly any content is left.
package struct FreeSpaceSample: Sendable, Equatable {
  /// Blocks looked at.
  package let examined: Int
  /// Blocks of one value throughout, nearly always zeros.
  package let blank: Int

  /// From this share of blank blocks on, there is little to hope for.
  private static let hopeless = 0.95
  /// Fewer blocks say nothing.
  private static let fewest = 16

  package init(examined: Int, blank: Int) {
    self.examined = examined
    self.blank = blank
  }

  package var isHopeless: Bool {
    examined >= Self.fewest && Double(blank) >= Self.hopeless * Double(examined)
  }
}

extension Slice {
  /// Reads up to 256 blocks, evenly spread over what the volume says is free; nil where no volume
  /// was opened, its allocation map is damaged, or nothing is free.
  package func sampleFreeSpace(on medium: Source) -> FreeSpaceSample? {
    guard let volume, support == nil else { return nil }
    let allocation = volume.allocation()
    let free = Array(allocation.unallocated.ranges)
    let length = free.reduce(ByteCount(0)) { $0.addingClamped($1.length) }
    let block = BlockClass.blockSize
    let wanted = min(256, length.rawValue / block.rawValue)
    guard allocation.isSound, wanted > 0 else { return nil }
    var examined = 0
    var blank = 0
    var next: UInt64 = 0
    var before: ByteCount = 0
    for range in free {
      // Places of the sample that lie in this range.
      while next < wanted {
        let place = length.rawValue / wanted * next
        guard place < before.rawValue + range.length.rawValue else { break }
        next += 1
        let offset = range.lowerBound.advancedClamped(by: ByteCount(place - before.rawValue))
        guard let bytes = try? medium.readPrefix(at: offset, count: block),
          let first = bytes.first
        else { continue }
        examined += 1
        if bytes.allSatisfy({ $0 == first }) { blank += 1 }
      }
      before = before.addingClamped(range.length)
    }
    return FreeSpaceSample(examined: examined, blank: blank)
  }
}
