// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// The target is full, gone or not writable: the job stops and can be resumed.
package struct SinkError: Explained, Equatable {
  package enum Reason: Sendable, Equatable {
    case full
    case gone
    case readOnly
    case noRights
    case nameTooLong
    case tooLarge
    case notAFolder
    case exists
    case failed(String)
  }

  package let path: String
  package let reason: Reason

  package init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  init(_ path: String, _ error: SystemError) {
    let reason: Reason =
      switch error.code {
      case ENOSPC, EDQUOT: .full
      case ENOENT, ENXIO, ENODEV, ESTALE, ENOTCONN, ESHUTDOWN: .gone
      case EROFS: .readOnly
      case EACCES, EPERM: .noRights
      case ENAMETOOLONG: .nameTooLong
      case EFBIG: .tooLarge
      case ENOTDIR, ELOOP: .notAFolder
      default: .failed(error.words)
      }
    self.init(path, reason)
  }

  package var what: String {
    switch reason {
    case .full: "the target is full"
    case .gone: "the target is gone"
    case .readOnly: "the target is read-only"
    case .noRights: "no right to write to the target"
    case .nameTooLong: "the target does not take names this long"
    case .tooLarge: "the target does not take files this large"
    case .notAFolder: "the target is not a folder"
    case .exists: "the target is there already, and nothing is overwritten"
    case .failed(let words): "cannot write: \(words)"
    }
  }

  package var place: String { path }

  package var advice: String {
    switch reason {
    case .full: "make room or name another target, then run the same command again: it goes on"
    case .gone: "connect the target again, then run the same command again: it goes on"
    case .readOnly, .noRights: "name a folder that you may write to, on another disk"
    case .nameTooLong, .tooLarge: "use a target with another file system: ext4, XFS, NTFS or exFAT"
    case .notAFolder: "name a folder, or a path at which one can be made"
    case .exists: "name another target, or move this one away"
    case .failed: "check the target disk and the kernel's log (dmesg), then run it again"
    }
  }
}
