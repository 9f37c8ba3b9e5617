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

  /// Blocks behind a break that are tried as the next piece.
  var blocksBehind: Int {
    switch self {
    case .low: 96
    case .normal: 384
    case .high: 8192
    }
  }

  /// Blocks before the file that are tried.
  var blocksBefore: Int {
    switch self {
    case .low: 0
    case .normal: 256
    case .high: 4096
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
