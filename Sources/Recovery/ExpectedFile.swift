// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What one file should be; what is not known of it is not compared.
package struct ExpectedFile: Sendable {
  /// Relative to the folder, in raw bytes.
  package var path: [UInt8]
  package var size: ByteCount?
  package var digest: FileDigest?
  package var modified: Timestamp?
  /// The twelve permission bits.
  package var mode: UInt16?
  /// Where its bytes are on the medium; nil where they are not at hand.
  package var content: [Extent]?
  /// The format that its content proved to be, whole to its end.
  package var format: String?

  package init(path: [UInt8], size: ByteCount? = nil, digest: FileDigest? = nil) {
    self.path = path
    self.size = size
    self.digest = digest
  }
}

/// What a folder should hold.
package struct ExpectedFiles: Sendable {
  package var files: [ExpectedFile]
  /// What the bytes of `content` are read from.
  package var medium: (any Medium)?
  /// Whether bytes that the medium does not deliver stand as zeros in the files, as `recover` writes them.
  package var unreadIsZero = false
  /// Whether the paths may begin with folders that are not part of the tree, as lists of absolute
  /// paths do.
  package var isRelocatable = false
  /// What else the folder holds counts as new only below this; empty: everywhere.
  package var covered: [UInt8] = []
  /// How many bytes and files should lie below `covered`.
  package var totals: PayloadTotals?
  /// The resolution of times, in nanoseconds: where it is coarse, nearer ones are equal.
  package var timeStep: Int64 = 1

  package init(_ files: [ExpectedFile]) { self.files = files }
}

/// How much lies below a folder: the "Payload-Oxum" of a bag.
package struct PayloadTotals: Sendable, Equatable, CustomStringConvertible {
  package var bytes: ByteCount
  package var files: Int

  package init(bytes: ByteCount, files: Int) {
    self.bytes = bytes
    self.files = files
  }

  package var description: String { "\(bytes.rawValue).\(files)" }
}
