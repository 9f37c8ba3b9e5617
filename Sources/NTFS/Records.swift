// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where the records of a volume are: in $MFT, or wherever what is left of one was found.
struct Records: Sendable {
  private let source: Source
  private let recordSize: UInt64
  /// Numbers in rising order with their places in the source; nil: one behind the other.
  private let places: [(number: UInt64, offset: ByteOffset)]?
  let count: Int

  /// All records of an MFT.
  ///
  /// - Parameter volume: the volume's length; an MFT that claims to be longer is not believed.
  init(table: Source, recordSize: Int, within volume: ByteCount) {
    source = table
    self.recordSize = UInt64(clamping: recordSize)
    places = nil
    count = Int(clamping: min(table.length, volume).rawValue / max(1, self.recordSize))
  }

  /// Records found one by one.
  ///
  /// - Parameter places: sorted by number, each number once.
  init(in source: Source, recordSize: Int, places: [(number: UInt64, offset: ByteOffset)]) {
    self.source = source
    self.recordSize = UInt64(clamping: recordSize)
    self.places = places
    count = places.count
  }

  /// Where the MFT lies on the medium; nothing for records found one by one.
  var tableRanges: [Range<ByteOffset>] {
    guard places == nil else { return [] }
    return (try? source.onMedium(source.range))?.mediumRanges ?? []
  }

  /// The number of the record at `index`.
  func number(at index: Int) -> UInt64 {
    guard let places else { return UInt64(clamping: index) }
    return places.indices.contains(index) ? places[index].number : 0
  }

  /// The record at `index` of all; nil where it cannot be read or never was one.
  func record(at index: Int) -> Record? {
    let offset: ByteOffset
    if let places {
      guard places.indices.contains(index) else { return nil }
      offset = places[index].offset
    } else {
      offset = ByteOffset(UInt64(clamping: index) &* recordSize)
    }
    return (try? source.read(at: offset, count: ByteCount(recordSize))).flatMap(Record.init)
  }

  /// The record with a number.
  func record(_ number: UInt64) -> Record? {
    guard let places else {
      return number < UInt64(clamping: count) ? record(at: Int(clamping: number)) : nil
    }
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if places[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low].number == number ? record(at: low) : nil
  }
}
