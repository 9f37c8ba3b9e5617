// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What is known of every byte of a source that is being imaged, for changing it many times.
///
/// `Mapfile` is the same as a document. Marking costs a search and a move of the blocks behind.
package struct RescueMap: Sendable, Equatable {
  package typealias Status = Mapfile.Status

  package let length: ByteCount
  /// Where each block ends, ascending; the last is `length`. Neighbours differ in status.
  private var ends: [ByteOffset]
  private var statuses: [Status]
  /// How many bytes have each status that any has.
  private var counts: [Status: ByteCount]
  /// What was marked since the marks were last taken, in order.
  private var marks: [Mapfile.Block] = []

  /// A map of which nothing was tried.
  package init(length: ByteCount) {
    self.length = length
    ends = length > 0 ? [ByteOffset(length)] : []
    statuses = length > 0 ? [.nonTried] : []
    counts = length > 0 ? [.nonTried: length] : [:]
  }

  /// The map that a document describes; what lies beyond `length` is left out.
  package init(_ mapfile: Mapfile, length: ByteCount) {
    self.init(length: length)
    ends = []
    statuses = []
    for block in mapfile.blocks where block.range.lowerBound < ByteOffset(length) {
      append(until: min(block.range.upperBound, ByteOffset(length)), block.status)
    }
    if ends.last ?? 0 < ByteOffset(length) { append(until: ByteOffset(length), .nonTried) }
    counts = [:]
    for block in blocks {
      counts[block.status] = count(block.status).addingClamped(block.range.length)
    }
  }

  private mutating func append(until end: ByteOffset, _ status: Status) {
    if statuses.last == status {
      ends[ends.count - 1] = end
    } else {
      ends.append(end)
      statuses.append(status)
    }
  }

  package var blockCount: Int { ends.count }

  package var blocks: [Mapfile.Block] {
    ends.indices.map { Mapfile.Block(range(ofBlock: $0), statuses[$0]) }
  }

  /// How many bytes have this status.
  package func count(_ status: Status) -> ByteCount { counts[status] ?? 0 }

  package func status(at offset: ByteOffset) -> Status { statuses[index(at: offset)] }

  /// The block that holds `offset`, which must lie inside.
  package func block(at offset: ByteOffset) -> Mapfile.Block {
    let index = index(at: offset)
    return Mapfile.Block(range(ofBlock: index), statuses[index])
  }

  /// The first block of this status that ends behind `offset`, cut to what lies from there on.
  package func next(_ status: Status, from offset: ByteOffset) -> Range<ByteOffset>? {
    guard offset < ByteOffset(length) else { return nil }
    var index = index(at: offset)
    while index < ends.count {
      if statuses[index] == status {
        let range = range(ofBlock: index)
        return max(range.lowerBound, offset)..<range.upperBound
      }
      index += 1
    }
    return nil
  }

  /// All blocks of one status, in order.
  package func ranges(_ status: Status) -> [Range<ByteOffset>] {
    ends.indices.lazy.filter { statuses[$0] == status }.map { range(ofBlock: $0) }
  }

  /// What has one status within some ranges, which are sorted and do not overlap; in order.
  package func ranges(_ status: Status, in ranges: [Range<ByteOffset>]) -> [Range<ByteOffset>] {
    var found: [Range<ByteOffset>] = []
    for range in ranges where range.lowerBound < ByteOffset(length) {
      var index = index(at: range.lowerBound)
      while index < ends.count {
        let block = self.range(ofBlock: index)
        guard block.lowerBound < range.upperBound else { break }
        if statuses[index] == status { found.append(block.clamped(to: range)) }
        index += 1
      }
    }
    return found
  }

  /// Marks a range, as far as it lies inside.
  package mutating func mark(_ range: Range<ByteOffset>, _ status: Status) {
    let range = range.clamped(to: 0..<ByteOffset(length))
    guard !range.isEmpty else { return }
    if let last = marks.last, last.status == status, last.range.upperBound == range.lowerBound {
      marks[marks.count - 1] = Mapfile.Block(last.range.lowerBound..<range.upperBound, status)
    } else {
      marks.append(Mapfile.Block(range, status))
    }
    let first = index(at: range.lowerBound)
    var last = first
    while ends[last] < range.upperBound { last += 1 }
    var newEnds: [ByteOffset] = []
    var newStatuses: [Status] = []
    func add(_ end: ByteOffset, _ status: Status) {
      if newStatuses.last == status {
        newEnds[newEnds.count - 1] = end
      } else {
        newEnds.append(end)
        newStatuses.append(status)
      }
    }
    for index in first...last { recount(self.range(ofBlock: index).clamped(to: range), index) }
    counts[status] = count(status).addingClamped(range.length)
    // The neighbour on either side joins where it has the same status.
    let from = first > 0 && statuses[first - 1] == status ? first - 1 : first
    let to = last + 1 < ends.count && statuses[last + 1] == status ? last + 1 : last
    if from < first { add(ends[from], statuses[from]) }
    if self.range(ofBlock: first).lowerBound < range.lowerBound {
      add(range.lowerBound, statuses[first])
    }
    add(range.upperBound, status)
    if ends[last] > range.upperBound { add(ends[last], statuses[last]) }
    if to > last { add(ends[to], statuses[to]) }
    ends.replaceSubrange(from...to, with: newEnds)
    statuses.replaceSubrange(from...to, with: newStatuses)
  }

  /// Hands out what was marked since the last call, in order: what a journal has to know.
  package mutating func takeMarks() -> [Mapfile.Block] {
    defer { marks.removeAll(keepingCapacity: true) }
    return marks
  }

  /// Whether both say the same of every byte.
  package static func == (one: Self, other: Self) -> Bool {
    one.ends == other.ends && one.statuses == other.statuses
  }

  private mutating func recount(_ range: Range<ByteOffset>, _ index: Int) {
    let status = statuses[index]
    let rest = count(status).subtractingClamped(range.length)
    counts[status] = rest > 0 ? rest : nil
  }

  private func range(ofBlock index: Int) -> Range<ByteOffset> {
    (index > 0 ? ends[index - 1] : 0)..<ends[index]
  }

  /// The index of the block that holds `offset`; the last one for what lies behind all.
  private func index(at offset: ByteOffset) -> Int {
    var low = 0
    var high = max(ends.count - 1, 0)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
