// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// A decoder at work, and what came out of it so far.
@safe struct DecodingRun<C: Codec & ~Copyable>: ~Copyable {
  private var codec: C
  private let buffer: UnsafeMutableRawBufferPointer
  private let limit: UInt64
  private let collect: Int
  private let sums: Bool
  private var checksum = CRC32()
  private var output: [UInt8] = []
  private var produced: UInt64 = 0
  private var consumed: ByteCount = 0
  private(set) var end: Decoding.End?

  /// A stream of zeros may expand a millionfold: beyond this much, no more than `mostExpansion`
  /// times what was read is waited for.
  private static var freeOutput: UInt64 { 1 << 34 }
  private static var mostExpansion: UInt64 { 1024 }

  init(_ codec: consuming C, collect: Int, sums: Bool, limit: UInt64) {
    self.codec = codec
    self.limit = limit
    self.collect = collect
    self.sums = sums
    unsafe buffer = .allocate(byteCount: 0x1_0000, alignment: 16)
  }

  /// Feeds bytes that are no part of the stream.
  mutating func feedPrefix(_ bytes: [UInt8]) {
    bytes.withSpan { feed($0) }
    consumed = 0
  }

  mutating func feed(_ bytes: RawSpan) {
    var taken = 0
    // SAFETY: a codec reads the input and fills the buffer within their bounds, and says how much of
    // each it used; neither pointer outlives the call.
    unsafe bytes.withUnsafeBytes { input in
      while end == nil {
        let step = unsafe codec.step(
          UnsafeRawBufferPointer(rebasing: input[taken...]), into: buffer)
        taken += step.taken
        consumed = consumed.addingClamped(ByteCount(clamping: step.taken))
        unsafe take(UnsafeRawBufferPointer(rebasing: buffer[..<step.made]).bytes)
        if end != nil { return }
        switch step.status {
        case .ended: end = .complete
        case .corrupt: end = .corrupt
        case .notHandled: end = .notHandled
        case .goesOn:
          if unsafe step.made == buffer.count { continue }
          if taken == input.count { return }
          // Room and bytes at hand, and still it stands: nothing would come of waiting.
          if step.taken == 0, step.made == 0 { end = .corrupt }
        }
      }
    }
  }

  private mutating func take(_ bytes: RawSpan) {
    if sums { checksum.update(bytes) }
    produced = produced.addingReportingOverflow(UInt64(bytes.byteCount)).partialValue
    if output.count < collect {
      let count = min(collect - output.count, bytes.byteCount)
      output += (try? bytes.copy(at: 0, count: count)) ?? []
    }
    let earned = consumed.rawValue.multipliedReportingOverflow(by: Self.mostExpansion)
    if produced > limit
      || produced > Self.freeOutput && !earned.overflow
        && produced - Self.freeOutput > earned.partialValue
    {
      end = .tooLong
    }
  }

  consuming func result() -> Decoding {
    Decoding(
      end: end ?? .truncated, consumed: consumed, produced: produced,
      crc: sums ? checksum.value : 0, output: output)
  }

  deinit {
    // SAFETY: allocated in `init`.
    unsafe buffer.deallocate()
  }
}
