// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings

/// Where a file's bytes are, and what the checksums of its blocks say.
struct Content {
  var extents: [Extent] = []
  /// Checksums that hold.
  var held: UInt64 = 0
  /// Parts of the file whose checksum does not hold, or that do not unpack, with where they stand.
  var broken: [(start: ByteOffset, addresses: Range<ByteOffset>)] = []
  /// Addresses of what no checksum speaks for.
  var unchecked: [Range<ByteOffset>] = []

  var isLost: Bool { extents.contains { $0.place == .lost } }
  /// Whether every byte is there and no checksum says that it is wrong.
  var holds: Bool { broken.isEmpty && !isLost }
  /// Whether checksums hold for all of it.
  var isVerified: Bool { holds && unchecked.isEmpty && held > 0 }
}

extension Content {
  /// What is to be said where a part of the bytes is not here.
  func lostParts(_ superblock: Superblock) -> [Evidence] {
    var position: ByteOffset = 0
    for extent in extents {
      if extent.place == .lost {
        return [
          .brokenAt(
            position,
            problem: superblock.deviceCount > 1
              ? "it goes on, on another device" : "what told of its place is lost")
        ]
      }
      position = position.advancedClamped(by: extent.count)
    }
    return []
  }
}

/// Builds contents, and checks them.
///
/// A class, since all that is checked in one visit is paid for from one budget.
final class Contents {
  let disk: AddressSpace
  let superblock: Superblock
  /// Bytes that may still be checked: many files may claim the same blocks, and no disk is read for
  /// ever.
  private var budget: ByteCount

  /// What is checked at a time.
  private static let piece: ByteCount = 0x10_0000
  /// Pieces beyond one for each extent, where stripes take turns.
  private static let mostPieces = 4096

  init(disk: AddressSpace, superblock: Superblock) {
    self.disk = disk
    self.superblock = superblock
    budget = ((try? disk.source.length * 4) ?? 0).addingClamped(0x4000_0000)
  }

  /// The content of a file.
  ///
  /// - Parameters:
  ///   - sums: the checksums of the state that it is of; without, nothing is read.
  ///   - generation: the transaction of that state.
  func content(of file: FileState, _ sums: DataChecksums?, in generation: UInt64) -> Content {
    var content = Content()
    let size = ByteOffset(file.inode.size)
    let gap: Extent.Place = file.isComplete ? .hole : .lost
    var position: ByteOffset = 0
    let sums = file.inode.hasChecksums && superblock.checksum.isHandled ? sums : nil
    for extent in file.extents where extent.start < size {
      if extent.start > position {
        content.extents.append(Extent(gap, count: (position..<extent.start).length))
      }
      let count = (extent.start..<min(extent.end, size)).length
      if content.extents.count > file.extents.count + Self.mostPieces {
        content.extents.append(Extent(.lost, count: count))
      } else {
        append(extent, count, sums, in: generation, to: &content)
      }
      position = extent.start.advancedClamped(by: count)
    }
    if position < size { content.extents.append(Extent(gap, count: (position..<size).length)) }
    content.extents = content.extents.coalesced
    return content
  }

  private func append(
    _ extent: FileExtent, _ count: ByteCount, _ sums: DataChecksums?, in generation: UInt64,
    to content: inout Content
  ) {
    switch extent.place {
    case .hole, .reserved: content.extents.append(Extent(.hole, count: count))
    case .inline(let bytes):
      // The checksum of the leaf covers it.
      guard let all = inline(bytes, extent), ByteCount(clamping: all.count) >= count else {
        content.extents.append(Extent(.lost, count: count))
        return
      }
      content.extents.append(
        Extent(bytes: Array(all.prefix(Int(clamping: count.rawValue)))))
      if superblock.checksum.isHandled { content.held += 1 }
    case .stored(let range):
      guard let addresses = extent.addresses else { return }
      var found: [Extent] = []
      let before = content.broken.count
      if let sums, budget >= addresses.length {
        budget = budget.subtractingClamped(addresses.length)
        check(addresses, of: extent, sums, in: generation, &found, &content)
      } else {
        found = disk.extents(of: addresses, copy: bestCopy(of: addresses))
        content.unchecked.append(addresses)
      }
      guard extent.compression != 0 else {
        content.extents += found.prefix(count)
        return
      }
      guard let piece = packed(extent, found) else {
        content.extents.append(Extent(.lost, count: count))
        return
      }
      content.extents.append(Extent(.packed(piece), count: count))
      if sums != nil, content.broken.count == before, !unpacks(piece) {
        content.broken.append((extent.start, range))
      }
    }
  }

  /// The content of a leaf.
  private func inline(_ bytes: [UInt8], _ extent: FileExtent) -> [UInt8]? {
    guard let method = method(extent) else { return bytes }
    return try? Unpacking.unpack(Packed(method, stored: [], length: extent.unpacked), bytes)
  }

  private func method(_ extent: FileExtent) -> Packed.Method? {
    switch extent.compression {
    case 1: .zlib
    case 2: .lzo(sectorSize: UInt32(truncatingIfNeeded: superblock.sectorSize.rawValue))
    case 3: .zstandard
    default: nil
    }
  }

  private func packed(_ extent: FileExtent, _ stored: [Extent]) -> Packed? {
    guard let method = method(extent), extent.unpacked <= Packed.longest,
      stored.length <= Packed.longest, !stored.contains(where: { $0.range == nil })
    else { return nil }
    return Packed(
      method, stored: stored.coalesced.mediumRanges, length: extent.unpacked,
      skipped: extent.skipped)
  }

  private func unpacks(_ piece: Packed) -> Bool {
    let stored = disk.source.joined(piece.stored.map { Extent($0) })
    guard let bytes = try? stored.read(at: 0, count: stored.length) else { return false }
    return (try? Unpacking.unpack(piece, bytes)) != nil
  }

  /// The first copy that lies on this device in whole, else the first.
  private func bestCopy(of addresses: Range<ByteOffset>) -> Int {
    let copies = disk.chunks.copyCount(at: addresses.lowerBound)
    guard copies > 1 else { return 0 }
    return (0..<copies).first { copy in
      !disk.extents(of: addresses, copy: copy).contains { $0.place == .lost }
    } ?? 0
  }

  private func check(
    _ addresses: Range<ByteOffset>, of extent: FileExtent, _ sums: DataChecksums,
    in generation: UInt64, _ found: inout [Extent], _ content: inout Content
  ) {
    var position = addresses.lowerBound
    while position < addresses.upperBound {
      let next = min(position.advancedClamped(by: Self.piece), addresses.upperBound)
      let piece = position..<next
      let lifetime = min(extent.generation, generation)...generation
      let known = sums.checksums(of: piece, lifetime: lifetime)
      var check = BlockCheck(
        disk: disk, superblock: superblock, range: piece, sums: known.sums, isKnown: known.isKnown)
      check.run(first: bestCopy(of: piece))
      found += check.extents
      content.held += UInt64(clamping: check.held)
      content.unchecked += check.unchecked
      for bad in check.broken {
        let start =
          extent.compression == 0
          ? extent.start.advancedClamped(by: (addresses.lowerBound..<bad.lowerBound).length)
          : extent.start
        content.broken.append((start, bad))
      }
      position = next
    }
  }
}
