// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Fixtures
import Testing

/// Big-endian bytes of a number.
func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// Little-endian bytes of a number.
func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// Bytes that look like nothing, the same in each run.
func junk(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var random = Noise(state: seed)
  return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 33) }
}

func examine(_ format: FileFormat, _ bytes: [UInt8]) throws -> Examination {
  try format.examine(Source(bytes: bytes))
}

func resembles(_ format: FileFormat, _ bytes: [UInt8]) -> Bool {
  bytes.withSpan { format.resembles($0) }
}

/// No proper prefix of a whole file may pass for one.
func expectNoneWhole(
  _ format: FileFormat, cutsOf bytes: [UInt8], from first: Int = 0, by step: Int = 1
) throws {
  for length in stride(from: first, to: bytes.count, by: step) {
    let result = try examine(format, Array(bytes[..<length]))
    #expect(result.end != .complete, "cut to \(length) bytes")
    #expect(result.length <= ByteCount(clamping: length), "cut to \(length) bytes")
  }
}

/// Damaged bytes may give any result, but must give one, within the bytes.
func expectBounded(_ format: FileFormat, damaging bytes: [UInt8], times: Int = 400) throws {
  var random = Noise(state: 42)
  for _ in 0..<times {
    var damaged = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      damaged[Int.random(in: 0..<bytes.count, using: &random)] = .random(
        in: 0...255, using: &random)
    }
    _ = resembles(format, damaged)
    #expect(try examine(format, damaged).length <= ByteCount(clamping: bytes.count))
  }
}
