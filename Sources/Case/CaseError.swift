// SPDX-License-Identifier: Apache-2.0

import Bytes
import GRDB

/// A case that cannot be made, opened or written.
package struct CaseError: Explained, Equatable {
  package enum Reason: Sendable, Equatable {
    case missing
    /// The folder is there, but holds no case.
    case notACase
    case alreadyThere
    case cannotCreate(String)
    case noRights
    /// The disk that holds the case is full.
    case full
    case corrupt(String)
    /// Written by a newer version, with this schema.
    case newer(Int)
    case busy
    case failed(String)
  }

  package let folder: String
  package let reason: Reason

  package init(_ folder: String, _ reason: Reason) {
    self.folder = folder
    self.reason = reason
  }

  init(_ folder: String, _ error: DatabaseError) {
    let words = error.message ?? "\(error.resultCode)"
    let reason: Reason =
      switch error.resultCode.primaryResultCode {
      case .SQLITE_FULL, .SQLITE_IOERR: .full
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt(words)
      case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH: .noRights
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
      default: .failed(words)
      }
    self.init(folder, reason)
  }

  package var what: String {
    switch reason {
    case .missing: "there is no such case"
    case .notACase: "this folder holds no case (no case.sqlite)"
    case .alreadyThere: "this folder holds a case already"
    case .cannotCreate(let words): "cannot make the case: \(words)"
    case .noRights: "no right to open the case"
    case .full: "the disk that holds the case takes no more"
    case .corrupt(let words): "the case is damaged: \(words)"
    case .newer(let schema): "the case was written by a newer version (schema \(schema))"
    case .busy: "another renflou is writing to this case"
    case .failed(let words): "cannot use the case: \(words)"
    }
  }

  package var place: String { folder }

  package var advice: String {
    switch reason {
    case .missing, .notACase: "make one with: renflou scan SOURCE --case \(folder)"
    case .alreadyThere: "name another folder"
    case .cannotCreate, .noRights: "name a folder that you may write to"
    case .full: "make room, then run the same command again: it goes on"
    case .corrupt: "scan again into another case; the source is untouched"
    case .newer: "use the newer version"
    case .busy: "wait until it is done, or name another case"
    case .failed: "check the disk that holds it, then run the command again"
    }
  }
}
