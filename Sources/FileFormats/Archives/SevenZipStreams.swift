// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// What a 7z header says of its packed streams: where they are, how they were made, what is in them.
///
///     6 packed: position, count, [9 sizes] [10 digests] 0
///     7 folders: 11 count, external, folders, 12 sizes, [10 digests] 0
///     8 files in them: [13 counts] [9 sizes] [10 digests] 0
///
/// - Source: I. Pavlov, *7z Format description*, "Streams Info".
struct SevenZipStreams {
  private(set) var folders: [SevenZipFolder] = []
  private var packPosition: ByteCount = 0
  private var packSizes: [ByteCount] = []
  /// Where each packed stream starts, from the first one on; one more for the end.
  private var packStarts: [ByteCount] = [0]

  init(_ reader: inout SevenZipReader) throws {
    var id = try reader.byte()
    if id == 6 {
      try readPacked(&reader)
      id = try reader.byte()
    }
    if id == 7 {
      try readFolders(&reader)
      id = try reader.byte()
    }
    if id == 8 {
      try readFiles(&reader)
      id = try reader.byte()
    }
    guard id == 0 else { throw Malformed("7z", "a property where none may be") }
    guard folders.last.map({ $0.firstStream + $0.streamCount }) ?? 0 == packSizes.count else {
      throw Malformed("7z", "its folders need other streams than it has")
    }
  }

  /// Behind the last packed stream.
  var end: ByteOffset {
    get throws { try SevenZipStart.length + packPosition + (packStarts.last ?? 0) }
  }

  /// Where the packed stream of a folder stands, the first if it has several.
  func place(of folder: SevenZipFolder) throws -> Range<ByteOffset> {
    guard folder.firstStream < packSizes.count else { throw Truncated() }
    let start = try SevenZipStart.length + packPosition + packStarts[folder.firstStream]
    return try Range(at: start, count: packSizes[folder.firstStream])
  }

  private mutating func readPacked(_ reader: inout SevenZipReader) throws {
    packPosition = ByteCount(try reader.number())
    let count = try reader.count()
    while true {
      switch try reader.byte() {
      case 9:
        for _ in 0..<count {
          packSizes.append(ByteCount(try reader.number()))
          packStarts.append(try (packStarts.last ?? 0) + (packSizes.last ?? 0))
        }
      case 10: _ = try reader.digests(count)
      case 0:
        guard packSizes.count == count else { throw Malformed("7z", "streams without sizes") }
        return
      default: throw Malformed("7z", "a property where none may be")
      }
    }
  }

  private mutating func readFolders(_ reader: inout SevenZipReader) throws {
    guard try reader.byte() == 11 else { throw Malformed("7z", "no folders") }
    let count = try reader.count()
    guard try reader.byte() == 0 else { throw Malformed("7z", "folders in another place") }
    var stream = 0
    for _ in 0..<count {
      let folder = try SevenZipFolder(&reader, firstStream: stream)
      stream += folder.streamCount
      folders.append(folder)
    }
    guard try reader.byte() == 12 else { throw Malformed("7z", "folders without sizes") }
    for index in folders.indices {
      for _ in 0..<folders[index].outputCount {
        folders[index].sizes.append(try reader.number())
      }
    }
    var id = try reader.byte()
    if id == 10 {
      let digests = try reader.digests(count)
      for index in folders.indices { folders[index].crc = digests[index] }
      id = try reader.byte()
    }
    guard id == 0 else { throw Malformed("7z", "a property where none may be") }
  }

  /// Files have checksums of their own; those of a folder's files together are the folder's.
  private mutating func readFiles(_ reader: inout SevenZipReader) throws {
    var counts = [Int](repeating: 1, count: folders.count)
    var id = try reader.byte()
    if id == 13 {
      for index in counts.indices { counts[index] = try reader.count() }
      id = try reader.byte()
    }
    var sizes: [[UInt64]] = counts.indices.map { counts[$0] == 1 ? [folders[$0].unpackSize] : [] }
    for index in counts.indices where counts[index] > 1 {
      var rest = folders[index].unpackSize
      for _ in 1..<counts[index] {
        let size = id == 9 ? try reader.number() : 0
        guard size <= rest else { throw Malformed("7z", "files larger than their folder") }
        rest -= size
        sizes[index].append(size)
      }
      sizes[index].append(rest)
    }
    if id == 9 { id = try reader.byte() }
    if id == 10 {
      let isKnown = counts.indices.map { counts[$0] == 1 && folders[$0].crc != nil }
      let wanted = counts.indices.reduce(0) { $0 + (isKnown[$1] ? 0 : counts[$1]) }
      var digests = try reader.digests(wanted)[...]
      for index in counts.indices where !isKnown[index] {
        let own = digests.prefix(counts[index])
        digests = digests.dropFirst(counts[index])
        folders[index].crc = folders[index].crc ?? Self.joined(own, sizes[index])
      }
      id = try reader.byte()
    }
    guard id == 0 else { throw Malformed("7z", "a property where none may be") }
  }

  private static func joined(_ digests: ArraySlice<UInt32?>, _ sizes: [UInt64]) -> UInt32? {
    var sum: UInt32 = 0
    guard !sizes.isEmpty, digests.count == sizes.count else { return nil }
    for (digest, size) in zip(digests, sizes) {
      guard let digest else { return nil }
      sum = Decoding.crc32(sum, joining: digest, length: size)
    }
    return sum
  }
}
