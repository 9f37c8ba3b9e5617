// SPDX-License-Identifier: Apache-2.0

import Bytes
import GRDB

/// A database that is no list of known files.
package struct KnownFileError: Explained {
  package enum Reason: Sendable, Equatable {
    /// In the words of SQLite.
    case unreadable(String)
    /// It has no table `FILE` with a column `sha256`.
    case noTable
    /// Every look-up would read the whole list: in the full edition `FILE` is a view.
    case noIndex
    case empty
  }

  package let path: String
  package let reason: Reason

  init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  init(_ path: String, _ error: DatabaseError) {
    self.init(path, .unreadable(error.message ?? "\(error.resultCode)"))
  }

  package var what: String {
    switch reason {
    case .unreadable(let words): "cannot read the list of known files: \(words)"
    case .noTable: "this database has no table FILE with SHA-256 sums"
    case .noIndex: "this list has no index of SHA-256 sums: each file would take minutes"
    case .empty: "the list of known files is empty"
    }
  }

  package var place: String { path }

  package var advice: String {
    switch reason {
    case .unreadable: "check the file, or unpack it again"
    case .noTable, .empty: "give the database that NSRL publishes as \"minimal\" (RDS version 3)"
    case .noIndex: "take the \"minimal\" edition of NSRL, not the full one"
    }
  }
}
