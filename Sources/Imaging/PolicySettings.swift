// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a policy is told beforehand.
package struct PolicySettings: Sendable {
  /// The smallest unit that can fail alone.
  package var sector: ByteCount
  /// The ranges to read, in this order: each is finished, as far as it can be read, before the next
  /// one begins. What no domain holds is left alone.
  package var domains: [RangeSet<ByteOffset>]
  /// How many times at most a bad sector is tried again. Where a sample yields nothing, none is.
  package var retries: Int
  /// How many bytes are asked for at once where a disk is healthy. Where a disk turns slow or fails,
  /// all of them are waited for: 1 MiB suits a disk that turns, more a file or a fast medium.
  package var flight: ByteCount

  /// As many rounds as bring out 99 of 100 sectors of which three tries in ten come.
  package static let usualRetries = 12

  package init(
    sector: ByteCount, domains: [RangeSet<ByteOffset>], retries: Int = Self.usualRetries,
    flight: ByteCount = 0x10_0000
  ) {
    self.sector = sector
    self.domains = domains
    self.retries = retries
    self.flight = flight
  }
}
