// SPDX-License-Identifier: Apache-2.0

import Findings

/// A file that the case keeps, in its folder `attachments`: a photograph of the disk, a signed form.
package struct Attachment: Sendable, Equatable {
  /// Its name in that folder.
  package var name: String
  package var sha256: [UInt8]
  package var added: Timestamp
  /// What it shows.
  package var words: String

  package init(name: String, sha256: [UInt8], added: Timestamp, words: String) {
    self.name = name
    self.sha256 = sha256
    self.added = added
    self.words = words
  }
}
