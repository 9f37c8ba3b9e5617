// SPDX-License-Identifier: Apache-2.0

import CSignatureScan

/// Signatures of files that begin with a sector: weak ones, and those of texts. They are looked for
/// there alone, by two of their bytes, and cost next to nothing.
@safe final class SectorTable: Sendable {
  // SAFETY: written in `init` alone.
  nonisolated(unsafe) private let groups: UnsafeMutablePointer<css_group>
  private let count: Int
  private let indexes: [SignatureIndex]
  /// The place in its signature of the two bytes, by signature.
  private let anchors: [Int]
  private let most: Int
  /// So few pairs are told from the rest by a short hash.
  private static let few = 32

  /// The size of a sector, in bytes.
  static var size: Int { Int(CSS_SECTOR) }
  /// Signatures with a window as rare as this cost the stream nothing.
  private static let rare = 1e-9

  /// Whether this table, and not the stream, is the one for a signature: each place at which its
  /// signatures have their bytes is one more look at every sector.
  static func takes(_ signature: Signature) -> Bool {
    guard signature.alignment >= size, let anchor = pair(in: signature),
      signature.offset + anchor + 2 <= size
    else { return false }
    if signature.offset + anchor == 0 { return true }
    return Window.rarest(in: signature).map { $0.0.frequency > rare } ?? false
  }

  /// - Parameter signatures: with their numbers.
  init(_ signatures: [(number: Int, signature: Signature)]) {
    var anchors: [Int] = []
    var entries: [Int: [SignatureIndex.Entry]] = [:]
    for (number, signature) in signatures {
      guard let anchor = Self.pair(in: signature) else { continue }
      anchors += [Int](repeating: 0, count: max(0, number + 1 - anchors.count))
      anchors[number] = anchor
      for key in Self.keys(of: signature.elements[anchor...].prefix(2)) {
        entries[signature.offset + anchor, default: []].append(
          SignatureIndex.Entry(key: key, signature: number, bytes: signature.elements[anchor...]))
      }
    }
    self.anchors = anchors
    let offsets = entries.keys.sorted()
    indexes = offsets.map { SignatureIndex(entries[$0] ?? []) }
    most = max(1, indexes.reduce(0) { $0 + $1.most })
    count = offsets.count
    unsafe groups = .allocate(capacity: max(1, offsets.count))
    for (place, offset) in offsets.enumerated() {
      let group = unsafe groups + place
      unsafe group.initialize(to: css_group())
      unsafe group.pointee.offset = UInt32(offset)
      let pairs = Set((entries[offset] ?? []).map(\.key)).count
      unsafe group.pointee.bits = pairs < Self.few ? 10 : 16
      unsafe group.pointee.index = indexes[place].table
      for entry in entries[offset] ?? [] { unsafe css_add_pair(group, UInt32(entry.key)) }
    }
  }

  /// Where the first two bytes stand that are mostly fixed and no zeros; nil where none are.
  private static func pair(in signature: Signature) -> Int? {
    let elements = signature.elements
    guard elements.count >= 2 else { return nil }
    return (0..<(elements.count - 1)).first { index in
      let pair = elements[index...].prefix(2)
      let free = pair.reduce(0) { $0 + (~$1.mask).nonzeroBitCount }
      return free <= 8 && pair.contains { $0.mask != 0 && $0.value != 0 }
    }
  }

  /// All values of two bytes, the first one lowest.
  private static func keys(of pair: ArraySlice<Signature.Element>) -> [Int] {
    var keys = [0]
    for (index, element) in pair.enumerated() {
      keys = keys.flatMap { key in ByteClass(element).members.map { key | Int($0) << (8 * index) } }
    }
    return keys
  }

  /// The first sector's start in bytes that begin at `base`.
  static func firstSector(at base: UInt64) -> Int {
    let sector = UInt64(CSS_SECTOR)
    return Int((sector - base % sector) % sector)
  }

  /// Calls `body` with each signature that may stand at a sector, and where it starts.
  ///
  /// - Parameters:
  ///   - position: a sector's start; then where to go on.
  ///   - limit: where to stop.
  func scan(
    _ bytes: RawSpan, from position: inout Int, to limit: Int,
    _ body: (_ signature: Int, _ start: Int) -> Void
  ) {
    guard count > 0 else { return }
    let capacity = Int(CSS_BATCH) * most
    // SAFETY: the loop writes at most `capacity` hits and reads within the span.
    unsafe withUnsafeTemporaryAllocation(of: css_hit.self, capacity: capacity) { hits in
      unsafe bytes.withUnsafeBytes { buffer in
        guard let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self),
          let out = hits.baseAddress
        else { return }
        while position < limit {
          let found = unsafe css_sectors(
            groups, count, start, buffer.count, limit, &position, out)
          for place in 0..<found {
            let hit = unsafe out[place]
            let number = Int(hit.signature)
            body(number, Int(hit.position) - anchors[number])
          }
        }
      }
    }
  }

  deinit { unsafe groups.deallocate() }
}
