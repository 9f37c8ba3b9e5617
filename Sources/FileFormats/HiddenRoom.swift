// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// How much of a file is room for a foreign block that nothing would notice: where nothing is checked
/// from its first byte to its last.
struct HiddenRoom {
  /// What file systems hand out at once, as a rule.
  static let block: UInt64 = 4096
  /// One block in so many may go unnoticed.
  private static let odds: UInt64 = 64
  private var total: UInt64 = 0

  /// A stretch of opaque bytes between two places that are checked.
  mutating func add(stretch: ByteCount) {
    add(opaque: ByteCount(stretch.rawValue > Self.block ? stretch.rawValue &- Self.block : 0))
  }

  /// Opaque bytes, with others like them at their sides.
  mutating func add(opaque: ByteCount) {
    total =
      total.addingReportingOverflow(opaque.rawValue).overflow ? .max : total &+ opaque.rawValue
  }

  /// What a verdict must know of a file that ends at `end`.
  func evidence(upTo end: ByteOffset) -> [Evidence] {
    end.rawValue > Self.block && total > end.rawValue / Self.odds ? [.payloadUnchecked] : []
  }

  /// The same where another file of the kind could stand anywhere in the middle.
  static func anywhere(upTo end: ByteOffset) -> [Evidence] {
    end.rawValue > block ? [.payloadUnchecked] : []
  }
}
