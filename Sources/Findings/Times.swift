// SPDX-License-Identifier: Apache-2.0

/// When a file was made, written, changed in its metadata, and read, as far as the metadata says.
package struct Times: Hashable, Sendable {
  package var created: Timestamp?
  package var modified: Timestamp?
  package var changed: Timestamp?
  package var accessed: Timestamp?

  package init(
    created: Timestamp? = nil, modified: Timestamp? = nil, changed: Timestamp? = nil,
    accessed: Timestamp? = nil
  ) {
    self.created = created
    self.modified = modified
    self.changed = changed
    self.accessed = accessed
  }
}
