// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// How an image is made.
package struct ImagerSettings: Sendable {
  /// What stands in the image where nothing could be read.
  package enum Fill: Sendable, Hashable {
    case zeros
    /// These bytes, again and again from the start of each range.
    case pattern([UInt8])
    /// In each sector of 512 bytes its number, in words, so that no program takes it for data.
    case marker
    /// What stands in the target already.
    case nothing
  }

  /// Which ranges to read first, each finished before the next one begins.
  package var domains: [RangeSet<ByteOffset>] = []
  /// How many times at most a bad sector is tried again; nil: what the policy thinks right.
  package var retries: Int?
  package var digests: [MessageDigest.Kind] = [.sha256]
  package var fill = Fill.zeros
  /// Leave holes in a new image where zeros would be written.
  package var isSparse = true
  /// How long the parts of the image are; nil: it is one file.
  package var split: ByteCount?
  /// For how many seconds a source that went away is waited for.
  package var patience = 0.0
  /// Read the whole image again at the end, and compare its digests.
  package var verifies = false
  /// Stop before what failed is tried again sector by sector.
  package var copiesOnly = false

  package init() {}
}
