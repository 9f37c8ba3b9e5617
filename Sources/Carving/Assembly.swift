// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Pieces that may be a file, and what its format says of them.
struct Assembly: Sendable {
  var extents: [Extent]
  var examination: Examination
  /// How little its blocks speak for where its last two pieces were parted; nil where nothing was compared.
  var misfit: Float?
  /// From the first byte to the last one that was read for it, where its pieces lie in order.
  var span: Range<ByteOffset>?

  /// How far it is sound.
  var reach: ByteOffset {
    switch examination.end {
    case .complete: ByteOffset(examination.length)
    case .broken(let offset): offset
    case .truncated: ByteOffset(examination.length)
    }
  }

  /// Whether its length follows from what is in it.
  var isDecoded: Bool {
    examination.evidence.contains { if case .decoded = $0 { true } else { false } }
  }

  var isComplete: Bool { examination.end == .complete }

  /// Formats that are followed by tables: what is wrong at one place says nothing of what lies before.
  static let byTables: Set = [
    "doc", "mp4", "tif", "ttf", "ttc", "exe", "elf", "chm", "dwg", "ico", "mobi", "7z", "psd",
    "lit",
    "one", "jxl", "hdf5", "pst", "iso", "squashfs", "wim", "icns", "eot", "woff", "woff2", "xcf",
    "dex", "swf", "tar", "bmp", "wav", "aiff", "webp", "avi", "pf", "raf", "rw2", "os2", "tga",
    "dds",
  ]
  /// Formats of one packed stream, which may go on over foreign bytes for long.
  static let streams: Set = ["gz", "bz2", "xz", "zst", "swf", "lz4"]

  /// Formats in which parts look like the start of a file.
  static let chains: Set = ["tar", "zip"]

  /// Formats whose header is too weak to keep a part for its sake; what proves a whole one is worth a search.
  static let weak: Set = ["tga"]

  var content: [Extent] { extents.prefix(examination.length) }
  /// Its pieces, those that lie side by side as one.
  var pieces: Int { content.coalesced.count }
  var strength: Strength { Strength(examination) }

  /// In what part of the file it was cut, if it is broken.
  func doubt(byTables: Bool, isStream: Bool = false) -> Range<ByteOffset> {
    if byTables { return 0..<max(reach, examination.doubt?.upperBound ?? 0) }
    if let doubt = examination.doubt { return doubt }
    // A whole file in which foreign blocks may stand unseen.
    if isComplete { return 0..<reach }
    let lookBack: UInt64 = isStream ? 0x4_0000 : 0x8000
    let lower = ByteOffset(reach.rawValue > lookBack ? reach.rawValue - lookBack : 0)
    return lower..<reach.advancedClamped(by: 0x4000)
  }

  /// Where foreign bytes were noticed: they begin not long before, as a rule.
  var noticed: ByteOffset { examination.doubt?.upperBound ?? reach }

  /// Where on the medium the byte at `offset` of the file lies; nil at its end.
  func place(behind offset: ByteOffset) -> ByteOffset? {
    var position: ByteOffset = 0
    for extent in extents {
      let end = position.advancedClamped(by: extent.count)
      if offset < end, let range = extent.range {
        return range.lowerBound.advancedClamped(by: (position..<max(offset, position)).length)
      }
      position = end
    }
    return nil
  }

  /// Where on the medium what the format calls its own parts begin, as a picture in a picture.
  var parts: [ByteOffset] {
    examination.children.compactMap { place(behind: $0.range.lowerBound) }
  }

  /// Keeps the extents up to so many bytes behind what was looked at.
  mutating func forget(behind count: ByteCount) {
    let end = max(reach, noticed, ByteOffset(examination.length))
    extents = extents.prefix(ByteCount(end.rawValue).addingClamped(count))
  }

  /// Whether the rest of the file's last block is zeros, as most systems leave it; nil where too little is
  /// left to say.
  func endsInZeros(in pool: Pool) -> Bool? {
    guard let end = content.last?.range?.upperBound else { return nil }
    let stop = pool.grid.next(end)
    guard (end..<stop).length >= 8 else { return nil }
    let rest = pool.space.readable([Extent(end..<stop)], name: "slack")
    guard let bytes = try? rest.read(at: 0, count: (end..<stop).length) else { return nil }
    return bytes.allSatisfy { $0 == 0 }
  }

  /// Whether zeros stand before the end, too: then those behind it show nothing.
  func endsEarly(in pool: Pool) -> Bool {
    let file = pool.space.readable(content, name: "end")
    let length = examination.length.rawValue
    guard length >= 4, let last = try? file.read(at: ByteOffset(length - 4), count: 4) else {
      return true
    }
    return last.allSatisfy { $0 == 0 }
  }

  /// Whether a whole file may yet hold foreign blocks: a picture jumps, or its size alone says where it ends, and what stands
  /// there does not look like an end.
  func isSuspicious(as format: FileFormat, in pool: Pool) -> Bool {
    guard isComplete, strength == .size else { return false }
    if examination.evidence.contains(where: { if case .pictureJumps = $0 { true } else { false } })
    {
      return true
    }
    guard Self.byTables.contains(format.id) else { return false }
    return endsInZeros(in: pool) == false
  }

  /// Whether one piece ends at `offset` and another begins.
  func isJump(at offset: ByteOffset) -> Bool {
    var position: ByteOffset = 0
    for extent in extents where position <= offset {
      if position == offset, offset > 0 { return true }
      position = position.advancedClamped(by: extent.count)
    }
    return false
  }
}
