// SPDX-License-Identifier: Apache-2.0

import Bytes

extension ByteWriter {
  mutating func put(_ extents: [Extent]) {
    put(UInt64(clamping: extents.count))
    for extent in extents {
      switch extent.place {
      case .medium(let start):
        put(0)
        put(start.rawValue)
      case .hole: put(1)
      case .lost: put(2)
      case .bytes(let bytes):
        put(3)
        put(bytes)
      case .packed(let piece):
        put(4)
        put(piece)
      }
      put(extent.count.rawValue)
    }
  }

  private mutating func put(_ piece: Packed) {
    switch piece.method {
    case .zlib: put(1)
    case .zstandard: put(2)
    case .lzo(let sectorSize):
      put(3)
      put(UInt64(sectorSize))
    case .lznt1: put(4)
    case .xpressHuffman: put(5)
    case .lzx: put(6)
    }
    put(piece.length.rawValue)
    put(piece.skipped.rawValue)
    put(UInt64(clamping: piece.stored.count))
    for range in piece.stored {
      put(range.lowerBound.rawValue)
      put(range.length.rawValue)
    }
  }
}

extension ByteReader {
  mutating func extents() throws -> [Extent] {
    var extents: [Extent] = []
    for _ in 0..<(try number()) {
      let place: Extent.Place
      switch try number() {
      case 0: place = .medium(ByteOffset(try number()))
      case 1: place = .hole
      case 2: place = .lost
      case 3: place = .bytes(try block())
      case 4: place = .packed(try packed())
      default: throw Malformed("case record", "an extent of an unknown kind")
      }
      let count = ByteCount(try number())
      if case .bytes(let bytes) = place, ByteCount(clamping: bytes.count) != count {
        throw Malformed("case record", "an extent with a wrong length")
      }
      extents.append(Extent(place, count: count))
    }
    return extents
  }

  private mutating func packed() throws -> Packed {
    let method: Packed.Method
    switch try number() {
    case 1: method = .zlib
    case 2: method = .zstandard
    case 3: method = .lzo(sectorSize: try number32())
    case 4: method = .lznt1
    case 5: method = .xpressHuffman
    case 6: method = .lzx
    default: throw Malformed("case record", "a compression of an unknown kind")
    }
    let length = ByteCount(try number())
    let skipped = ByteCount(try number())
    var stored: [Range<ByteOffset>] = []
    for _ in 0..<(try number()) {
      stored.append(try Range(at: ByteOffset(try number()), count: ByteCount(try number())))
    }
    return Packed(method, stored: stored, length: length, skipped: skipped)
  }
}
