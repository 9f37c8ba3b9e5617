// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats

/// A place on the medium where a file may start: a hit worth examining.
package struct Candidate: Sendable {
  package let format: FileFormat
  /// Where the file would start, in bytes of the medium.
  package let offset: ByteOffset

  package init(format: FileFormat, offset: ByteOffset) {
    self.format = format
    self.offset = offset
  }
}
