// SPDX-License-Identifier: Apache-2.0

extension Evidence {
  /// Whether the fact says what is wrong with a file.
  package var isDamage: Bool {
    switch self {
    case .overwritten, .claimedByDeleted, .allocationUnknown, .unreadable, .beyondMedium,
      .blockListIncomplete, .notHandled, .headerMismatch, .brokenAt, .truncatedAt, .allZeros,
      .bytesBehindEnd, .mended:
      true
    default: false
    }
  }
}
