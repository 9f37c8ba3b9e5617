// SPDX-License-Identifier: Apache-2.0

import CSignatureScan

/// Signatures that may stand anywhere, compiled for the vector loop.
@safe final class StreamTable: Sendable {
  // SAFETY: written in `init` alone.
  nonisolated(unsafe) private let table: UnsafeMutablePointer<css_table>
  private let index: SignatureIndex
  /// The place in its signature of the window that the loop looks for, by signature.
  private let anchors: [Int]
  private let variant: CInt
  /// Whether some window may be zeros alone.
  let seesZeros: Bool

  /// - Parameters:
  ///   - signatures: with their numbers.
  ///   - variant: a loop that this processor can run.
  init(_ signatures: [(number: Int, signature: Signature)], variant: CInt) {
    self.variant = variant
    var windows: [Window] = []
    var entries: [SignatureIndex.Entry] = []
    var anchors: [Int] = []
    for (number, signature) in signatures {
      guard let (window, anchor) = Window.rarest(in: signature) else { continue }
      anchors += [Int](repeating: 0, count: max(0, number + 1 - anchors.count))
      anchors[number] = anchor
      windows.append(window)
      for hash in window.hashes {
        entries.append(
          SignatureIndex.Entry(key: hash, signature: number, bytes: signature.elements[anchor...]))
      }
    }
    self.anchors = anchors
    seesZeros = windows.contains { $0.classes.allSatisfy { $0.contains(0) } }
    index = SignatureIndex(entries)
    unsafe table = .allocate(capacity: 1)
    unsafe table.initialize(to: css_table())
    fill(Buckets(of: windows), hashes: entries.lazy.map(\.key))
  }

  private func fill(_ buckets: Buckets, hashes: some Sequence<Int>) {
    // SAFETY: the struct is of plain bytes, in the order and of the sizes that its header states.
    let raw = unsafe UnsafeMutableRawPointer(table)
    for (bit, classes) in buckets.all.prefix(8).enumerated() {
      let mask = UInt8(1) << UInt8(bit)
      for (index, values) in classes.prefix(4).enumerated() {
        for value in values.members {
          unsafe Self.set(mask, in: raw, at: 256 * index + Int(value))
          unsafe Self.set(mask, in: raw, at: 1024 + 16 * index + Int(value & 15))
          unsafe Self.set(mask, in: raw, at: 1088 + 16 * index + Int(value >> 4))
        }
      }
    }
    for hash in hashes where (0..<0x1_0000).contains(hash) {
      unsafe Self.set(1 << UInt8(hash & 7), in: raw, at: 1152 + (hash >> 3))
    }
  }

  private static func set(_ bits: UInt8, in raw: UnsafeMutableRawPointer, at offset: Int) {
    let old = unsafe raw.load(fromByteOffset: offset, as: UInt8.self)
    unsafe raw.storeBytes(of: old | bits, toByteOffset: offset, as: UInt8.self)
  }

  /// Calls `body` with each place at which eight bytes of a signature stand: its number, and where the
  /// signature starts, which may be before the bytes.
  ///
  /// - Parameters:
  ///   - position: where to begin; then where to go on.
  ///   - limit: where to stop, or a little behind.
  func scan(
    _ bytes: RawSpan, from position: inout Int, to limit: Int,
    _ body: (_ signature: Int, _ start: Int) -> Void
  ) {
    let capacity = 4096
    var rest = unsafe index.table
    // SAFETY: the loops write at most `capacity` positions, and at each at most `most` hits; they read
    // within the span.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { found in
      unsafe withUnsafeTemporaryAllocation(
        of: css_hit.self, capacity: capacity * max(1, index.most)
      ) { hits in
        unsafe bytes.withUnsafeBytes { buffer in
          guard let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let positions = found.baseAddress, let out = hits.baseAddress
          else { return }
          while position < limit {
            let places = unsafe css_scan(
              table, variant, start, buffer.count, limit, &position, positions, capacity)
            let count = unsafe css_match(&rest, start, buffer.count, positions, places, out)
            for place in 0..<count {
              let hit = unsafe out[place]
              let number = Int(hit.signature)
              body(number, Int(hit.position) - anchors[number])
            }
          }
        }
      }
    }
  }

  deinit { unsafe table.deallocate() }
}
