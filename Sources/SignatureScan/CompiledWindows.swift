// SPDX-License-Identifier: Apache-2.0

import CSignatureScan

/// The tables of the C loop, in memory that stays where it is.
@safe final class CompiledWindows: Sendable {
  // SAFETY: written in `init` alone.
  nonisolated(unsafe) private let table: UnsafeMutablePointer<css_table>

  /// - Parameter hashes: for each hash of three bytes, whether any window starts with it.
  init(_ buckets: Buckets, hashes: [Bool]) {
    unsafe table = .allocate(capacity: 1)
    unsafe table.initialize(to: css_table())
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
    for hash in 0..<min(hashes.count, 0x1_0000) where hashes[hash] {
      unsafe Self.set(1 << UInt8(hash & 7), in: raw, at: 1152 + (hash >> 3))
    }
  }

  private static func set(_ bits: UInt8, in raw: UnsafeMutableRawPointer, at offset: Int) {
    let old = unsafe raw.load(fromByteOffset: offset, as: UInt8.self)
    unsafe raw.storeBytes(of: old | bits, toByteOffset: offset, as: UInt8.self)
  }

  /// Calls `body` with each place in `bytes`, in order, at which a window may stand.
  func scan(_ bytes: RawSpan, variant: CInt, _ body: (Int) -> Void) {
    let capacity = 4096
    // SAFETY: the loop writes at most `capacity` positions and reads within the span.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { found in
      unsafe bytes.withUnsafeBytes { buffer in
        guard let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self),
          let out = found.baseAddress
        else { return }
        var position = 0
        while position < buffer.count {
          let count = unsafe css_scan(
            table, variant, start, buffer.count, &position, out, capacity)
          for index in 0..<count { unsafe body(Int(found[index])) }
        }
      }
    }
  }

  deinit { unsafe table.deallocate() }
}
