// SPDX-License-Identifier: Apache-2.0

/// How much is spent on putting fragments together: bounds in bytes and places, never in time, so that
/// the result is the same on each machine.
package enum Effort: String, Sendable, CaseIterable {
  case low, normal, high

  /// Bytes that may be read for one file.
  var perFile: UInt64 {
    switch self {
    case .low: 0x40_0000
    case .normal: 0x800_0000
    case .high: 0x4000_0000
    }
  }

  /// How often all of the ground may be read, beside what single files may cost.
  var readings: Int64 {
    switch self {
    case .low: 1
    case .normal: 3
    case .high: 16
    }
  }

  /// Blocks of `size` bytes behind a break that are tried as the next piece: more where they are small.
  func blocksBehind(of size: UInt64) -> Int {
    switch self {
    case .low: 96
    case .normal: max(384, Int(clamping: 0x10_0000 / size))
    case .high: max(8192, Int(clamping: 0x400_0000 / size))
    }
  }

  /// Blocks of `size` bytes before the file that are tried.
  func blocksBefore(of size: UInt64) -> Int {
    switch self {
    case .low: 0
    case .normal: max(256, Int(clamping: 0x10_0000 / size))
    case .high: max(4096, Int(clamping: 0x400_0000 / size))
    }
  }

  /// Places at which a file may have been cut, for one break.
  var cuts: Int {
    switch self {
    case .low: 2
    case .normal: 6
    case .high: 64
    }
  }

  /// Pieces that one file may consist of.
  var pieces: Int {
    switch self {
    case .low: 2
    case .normal: 12
    case .high: 64
    }
  }
}
