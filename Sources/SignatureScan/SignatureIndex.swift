// SPDX-License-Identifier: Apache-2.0

import CSignatureScan

/// Which signatures a key may belong to, in memory that stays where it is.
@safe final class SignatureIndex: Sendable {
  /// One signature under one key, with eight of its bytes from where the key stands.
  struct Entry {
    let key: Int
    let signature: Int
    let bytes: ArraySlice<Signature.Element>
  }

  // SAFETY: written in `init` alone.
  nonisolated(unsafe) private let first: UnsafeMutablePointer<UInt32>
  nonisolated(unsafe) private let entries: UnsafeMutablePointer<css_entry>
  /// The most entries of one key.
  let most: Int

  private static let keys = 0x1_0000

  init(_ all: [Entry]) {
    var counts = [Int](repeating: 0, count: Self.keys)
    for entry in all { counts[entry.key] += 1 }
    most = counts.max() ?? 0
    unsafe first = .allocate(capacity: Self.keys + 1)
    unsafe entries = .allocate(capacity: max(1, all.count))
    // SAFETY: every index is below the capacity, and each place of both is written.
    var places = [Int](repeating: 0, count: Self.keys)
    var next = 0
    for key in 0..<Self.keys {
      unsafe (first + key).initialize(to: UInt32(next))
      places[key] = next
      next += counts[key]
    }
    unsafe (first + Self.keys).initialize(to: UInt32(next))
    for entry in all {
      unsafe (entries + places[entry.key]).initialize(to: Self.entry(entry))
      places[entry.key] += 1
    }
  }

  private static func entry(_ entry: Entry) -> css_entry {
    var mask: UInt64 = 0
    var value: UInt64 = 0
    for (index, element) in entry.bytes.prefix(8).enumerated() {
      mask |= UInt64(element.mask) << (8 * UInt64(index))
      value |= UInt64(element.value) << (8 * UInt64(index))
    }
    return css_entry(mask: mask, value: value, signature: UInt32(entry.signature))
  }

  /// As C takes it, for as long as this object lives.
  var table: css_index { unsafe css_index(first: first, entries: entries) }

  deinit {
    unsafe first.deallocate()
    unsafe entries.deallocate()
  }
}
