// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension NTFSVolume {
  private static let bitmapNumber: UInt64 = 6

  package func allocation() -> Allocation {
    var allocated: [Range<ByteOffset>] = []
    var known: [Range<ByteOffset>] = []
    let bitmap = bitmap
    let part: UInt64 = 0x1_0000
    var at: UInt64 = 0
    let clusterCount = min(
      geometry.clusterCount, source.length.rawValue / geometry.clusterSize)
    let bytes = (clusterCount + 7) / 8
    while let bitmap, at < bytes {
      let count = min(part, bytes - at)
      let first = at * 8
      if let bits = try? bitmap.readPrefix(at: ByteOffset(at), count: ByteCount(count)) {
        let clusters = min(UInt64(clamping: bits.count) * 8, clusterCount - first)
        add(first, clusters, to: &known)
        for run in Self.runs(in: bits, count: clusters) {
          add(first + run.lowerBound, UInt64(clamping: run.count), to: &allocated)
        }
      }
      at += count
    }
    let whole = RangeSet(unsorted: (try? source.onMedium(source.range))?.mediumRanges ?? [])
    // What lies behind the last cluster: the backup of the boot sector.
    let end = ByteOffset(clusterCount * geometry.clusterSize)
    if end < source.range.upperBound {
      let rest = (try? source.onMedium(end..<source.range.upperBound))?.mediumRanges ?? []
      known += rest
    }
    let used = RangeSet(unsorted: allocated).intersection(whole)
    let told = RangeSet(unsorted: known).intersection(whole)
    return Allocation(
      allocated: used, unallocated: told.subtracting(used), unknown: whole.subtracting(told))
  }

  /// The bits of all clusters, as bytes of the medium; nil where no record maps them.
  private var bitmap: Source? {
    guard let record = records.record(Self.bitmapNumber), record.isInUse else { return nil }
    for attribute in record.attributes where attribute.type == .data && attribute.name.isEmpty {
      switch attribute.form {
      case .resident(let value): return Source(bytes: value)
      case .mapped(let mapping):
        guard let value = MappedValue([(attribute, mapping)]) else { return nil }
        return source.joined(value.extents(geometry, in: source), name: "$Bitmap")
      }
    }
    return nil
  }

  private func add(_ first: UInt64, _ count: UInt64, to ranges: inout [Range<ByteOffset>]) {
    guard let range = geometry.range(of: first, count: count)?.clamped(to: source.range),
      !range.isEmpty
    else { return }
    ranges += (try? source.onMedium(range))?.mediumRanges ?? []
  }

  /// Where bits are set, of the first `count`.
  private static func runs(in bits: [UInt8], count: UInt64) -> [Range<UInt64>] {
    var runs: [Range<UInt64>] = []
    var start: UInt64?
    for (index, byte) in bits.enumerated() {
      let base = UInt64(clamping: index) * 8
      if byte == 0xFF, start != nil { continue }
      if byte == 0, start == nil { continue }
      for bit in 0..<UInt64(8) where base + bit < count {
        let isSet = byte >> UInt8(bit) & 1 == 1
        if isSet, start == nil { start = base + bit }
        if !isSet, let from = start {
          runs.append(from..<base + bit)
          start = nil
        }
      }
    }
    if let start, start < count { runs.append(start..<count) }
    return runs
  }
}
