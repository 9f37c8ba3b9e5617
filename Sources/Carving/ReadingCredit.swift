// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How much candidates may read in all: it grows with the ground that carving covers, so that its cost
/// is linear in the size of the medium whatever lies on it. A candidate may overdraw it; the debt is paid
/// back before the next one is followed.
struct ReadingCredit: Sendable {
  private(set) var rest: Int64
  private var position: ByteOffset

  /// Sound media cost two or three bytes of reading a byte.
  private static let perByte: Int64 = 16
  static let most: Int64 = 1 << 32

  init(at position: ByteOffset, rest: Int64) {
    self.position = position
    self.rest = rest
  }

  /// Whether candidates may be followed as far as they go.
  var isLeft: Bool { rest > 0 }

  /// Carving has come to `offset`.
  mutating func advance(to offset: ByteOffset) {
    guard offset > position else { return }
    let ground = Int64(clamping: (position..<offset).length.rawValue)
    let (gain, overflow) = ground.multipliedReportingOverflow(by: Self.perByte)
    let (sum, carry) = rest.addingReportingOverflow(gain)
    rest = overflow || carry ? Self.most : min(Self.most, sum)
    position = offset
  }

  mutating func spend(_ cost: UInt64) {
    let (left, overflow) = rest.subtractingReportingOverflow(Int64(clamping: cost))
    rest = overflow ? .min : left
  }
}
