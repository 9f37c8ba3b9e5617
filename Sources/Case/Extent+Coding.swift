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
      }
      put(extent.count.rawValue)
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
}
