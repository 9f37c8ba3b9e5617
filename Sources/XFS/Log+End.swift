// SPDX-License-Identifier: Apache-2.0

import Bytes

extension Log {
  /// Whether the last record of a volume's log is there and does not say that the volume was unmounted.
  ///
  /// The end is where the rounds change, and found without reading all of the log.
  static func mayBeUnfinished(in volume: XFSVolume) -> Bool {
    guard let source = source(of: volume) else { return false }
    let total = source.length.rawValue / sector
    guard total > 0, let first = round(at: 0, in: source), first > 0 else { return false }
    // Sectors before `low` are of the first one's round; at `high` another one has begun.
    var low: UInt64 = 1
    var high = total
    while low < high {
      let middle = (low + high) / 2
      if round(at: middle, in: source) == first { low = middle + 1 } else { high = middle }
    }
    let longest = longestBody / sector + 8
    let start = low - min(low, longest)
    let places = places(in: source, from: start, to: low, uuid: volume.superblock.logUUID)
    guard let last = places.last, let record = Log(source, [last]).record(last) else {
      return false
    }
    var items = LogItems { _ in }
    items.add(record)
    return !items.endsUnmounted
  }

  /// The round in which a sector was written; nil where it cannot be read.
  private static func round(at place: UInt64, in source: Source) -> UInt32? {
    guard let bytes = try? source.read(at: ByteOffset(place * sector), count: 8) else { return nil }
    return try? bytes.big(UInt32.self, at: bytes.holds(magic, at: 0) ? 4 : 0)
  }
}
