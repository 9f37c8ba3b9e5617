// SPDX-License-Identifier: Apache-2.0

import Bytes

extension XFSVolume {
  /// Where the bytes of an inode that is in use are; lost where its map is broken or on another device.
  func contents(of inode: Inode, _ number: UInt64) -> [Extent] {
    switch inode.kind {
    case .free, .folder, .other: return []
    case .symbolicLink where inode.format == .local:
      return inline(inode.fork, size: inode.size)
    case .symbolicLink, .file:
      guard inode.size > 0 else { return [] }
      guard !inode.isRealtime, let runs = BlockMap(volume: self, owner: number).runs(of: inode)
      else { return [Extent(.lost, count: inode.size)] }
      return inode.kind == .file
        ? extents(runs, size: inode.size) : linkTarget(runs, size: inode.size)
    }
  }

  /// Content that stands in the inode itself.
  func inline(_ fork: [UInt8], size: ByteCount) -> [Extent] {
    let bytes = Array(fork.prefix(Int(clamping: size.rawValue)))
    return bytes.isEmpty ? [] : [Extent(bytes: bytes)]
  }

  /// The runs as ranges of the medium, with holes between them.
  ///
  /// - Parameter size: nil: all blocks, without the holes.
  func extents(_ runs: [BlockRun], size: ByteCount?) -> [Extent] {
    var extents: [Extent] = []
    var position: UInt64 = 0
    let end = size?.rawValue ?? .max
    for run in runs {
      // A sound run ends within 63 bits.
      let start = run.logical * geometry.blockSize
      guard start < end else { break }
      if size != nil, start > position {
        extents.append(Extent(.hole, count: ByteCount(start - position)))
      }
      let count = ByteCount(min(run.count * geometry.blockSize, end - start))
      if run.isUnwritten {
        extents.append(Extent(.hole, count: count))
      } else {
        extents += onMedium(run, count: count)
      }
      position = start + count.rawValue
    }
    if let size, position < size.rawValue {
      extents.append(Extent(.hole, count: ByteCount(size.rawValue - position)))
    }
    return extents.coalesced
  }

  private func onMedium(_ run: BlockRun, count: ByteCount) -> [Extent] {
    guard let range = geometry.range(ofBlock: run.physical, count: run.count) else {
      return [Extent(.lost, count: count)]
    }
    let wanted = range.lowerBound..<range.lowerBound.advancedClamped(by: count)
    let there = wanted.clamped(to: source.range)
    let extents = (try? source.onMedium(there)) ?? []
    let missing = count.subtractingClamped(extents.length)
    return missing > 0 ? extents + [Extent(.lost, count: missing)] : extents
  }

  /// The target of a symbolic link in blocks of its own: in version 5 behind a header of 56 bytes, "XSLM",
  /// in each run.
  ///
  /// - Source: *XFS Algorithms & Data Structures*, "Extent Symbolic Links".
  func linkTarget(_ runs: [BlockRun], size: ByteCount) -> [Extent] {
    var extents: [Extent] = []
    for run in runs where extents.length < size {
      let all = onMedium(run, count: ByteCount(run.count * geometry.blockSize))
      let header: ByteCount = superblock.hasChecksums ? 56 : 0
      guard let first = all.first, first.count > header else { break }
      extents.append(first.part(skipping: header, count: first.count.subtractingClamped(header)))
      extents += all.dropFirst()
    }
    let target = extents.prefix(size)
    let missing = size.subtractingClamped(target.length)
    return missing > 0 ? target + [Extent(.lost, count: missing)] : target
  }
}
