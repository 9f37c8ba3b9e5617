// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Compares the blocks of a range of addresses with their checksums, and takes each from a copy that is
/// right.
struct BlockCheck {
  let disk: AddressSpace
  let superblock: Superblock
  /// Whole sectors, at most `Source.longestRead` bytes.
  let range: Range<ByteOffset>
  /// End to end, one for each sector.
  let sums: [UInt8]
  let isKnown: [Bool]

  private(set) var extents: [Extent] = []
  private(set) var held = 0
  /// What no copy has right.
  private(set) var broken: [Range<ByteOffset>] = []
  /// What has no checksum.
  private(set) var unchecked: [Range<ByteOffset>] = []

  init(
    disk: AddressSpace, superblock: Superblock, range: Range<ByteOffset>, sums: [UInt8],
    isKnown: [Bool]
  ) {
    self.disk = disk
    self.superblock = superblock
    self.range = range
    self.sums = sums
    self.isKnown = isKnown
  }

  /// - Parameter first: the copy that is tried first, and that stands where none is right.
  mutating func run(first: Int) {
    let copies = max(1, disk.chunks.copyCount(at: range.lowerBound))
    var chosen = [Int?](repeating: nil, count: isKnown.count)
    for copy in [first] + (0..<copies).filter({ $0 != first }) {
      for sector in sound(in: copy, except: chosen) { chosen[sector] = copy }
      if !zip(chosen, isKnown).contains(where: { $0 == nil && $1 }) { break }
    }
    for sector in isKnown.indices {
      let part = range(of: sector)
      if !isKnown[sector] {
        Self.append(part, to: &unchecked)
      } else if chosen[sector] == nil {
        Self.append(part, to: &broken)
      } else {
        held += 1
      }
    }
    var start = 0
    while start < chosen.count {
      let copy = chosen[start] ?? first
      var end = start
      while end < chosen.count, chosen[end] ?? first == copy { end += 1 }
      extents += disk.extents(
        of: range(of: start).lowerBound..<range(of: end - 1).upperBound, copy: copy)
      start = end
    }
  }

  private func range(of sector: Int) -> Range<ByteOffset> {
    let size = superblock.sectorSize
    let start = range.lowerBound.advancedClamped(
      by: ByteCount(UInt64(clamping: sector) &* size.rawValue))
    return start..<start.advancedClamped(by: size)
  }

  /// The sectors of a copy whose checksum holds, beside those that have been chosen.
  private func sound(in copy: Int, except chosen: [Int?]) -> [Int] {
    let source = disk.source.joined(disk.extents(of: range, copy: copy))
    let size = (try? superblock.sectorSize.inMemory()) ?? 4096
    let wanted = isKnown.indices.filter { isKnown[$0] && chosen[$0] == nil }
    func holds(_ bytes: RawSpan, _ sector: Int) -> Bool {
      superblock.checksum.holds(
        over: bytes, stored: sums, at: sector * superblock.checksum.byteCount)
    }
    let all = try? source.withBytes(in: source.range) { bytes in
      wanted.filter { holds(bytes.extracting($0 * size..<($0 + 1) * size), $0) }
    }
    // Where some of it cannot be read, sector by sector.
    return all
      ?? wanted.filter { sector in
        let start = ByteOffset(UInt64(clamping: sector * size))
        return
          (try? source.withBytes(in: start..<start.advancedClamped(by: superblock.sectorSize)) {
            holds($0, sector)
          }) ?? false
      }
  }

  private static func append(_ part: Range<ByteOffset>, to ranges: inout [Range<ByteOffset>]) {
    if let last = ranges.last, last.upperBound == part.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<part.upperBound
    } else {
      ranges.append(part)
    }
  }
}
