// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a policy is told beforehand.
package struct PolicySettings: Sendable {
  /// The smallest unit that can fail alone.
  package var sector: ByteCount
  /// The ranges to read, in this order: each is finished, as far as it can be read, before the next
  /// one begins. What no domain holds is left alone.
  package var domains: [RangeSet<ByteOffset>]
  /// How many times at most a bad sector is tried again.
  package var retries: Int

  package init(sector: ByteCount, domains: [RangeSet<ByteOffset>], retries: Int = 0) {
    self.sector = sector
    self.domains = domains
    self.retries = retries
  }
}
