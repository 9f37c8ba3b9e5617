// SPDX-License-Identifier: Apache-2.0

/// The number of an MFT record, and which of its lives is meant: 48 and 16 bits.
struct FileReference: Hashable, Sendable {
  let rawValue: UInt64

  init(_ rawValue: UInt64) { self.rawValue = rawValue }

  init(number: UInt64, sequence: UInt16) {
    rawValue = number & 0xFFFF_FFFF_FFFF | UInt64(sequence) << 48
  }

  var number: UInt64 { rawValue & 0xFFFF_FFFF_FFFF }
  var sequence: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 48) }

  /// The volume's root folder.
  static let rootNumber: UInt64 = 5
}
