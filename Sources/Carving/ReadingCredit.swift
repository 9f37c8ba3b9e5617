// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How much candidates may read in all: it grows with the ground that carving covers, so that its cost
/// is linear in the size of the medium whatever lies on it.
struct ReadingCredit: Sendable {
  private(set) var rest: UInt64
  private var position: ByteOffset

  /// Sound media cost two or three bytes of reading a byte.
  private static let perByte: UInt64 = 16
  static let most: UInt64 = 1 << 32

  init(at position: ByteOffset, rest: UInt64) {
    self.position = position
    self.rest = rest
  }

  /// Whether candidates may be followed as far as they go.
  var isLeft: Bool { rest > 0 }

  /// Carving has come to `offset`.
  mutating func advance(to offset: ByteOffset) {
    guard offset > position else { return }
    let (gain, overflow) = (position..<offset).length.rawValue.multipliedReportingOverflow(
      by: Self.perByte)
    rest = overflow ? Self.most : min(Self.most, rest.addingReportingOverflow(gain).partialValue)
    position = offset
  }

  mutating func spend(_ cost: UInt64) { rest = rest > cost ? rest &- cost : 0 }
}
