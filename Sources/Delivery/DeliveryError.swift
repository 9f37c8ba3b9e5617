// SPDX-License-Identifier: Apache-2.0

import Bytes
import Reporting

/// A delivery that cannot be made; nothing was written.
package struct DeliveryError: Explained, Equatable {
  package enum Reason: Sendable, Equatable {
    /// The target holds a file that this delivery does not put there.
    case foreign
    /// The target is FAT, which holds no file of 4 GiB.
    case tooLargeForFAT(count: Int, largest: ByteCount)
    case noRoom(needed: ByteCount, free: ByteCount)
    /// Nothing to take the files from.
    case noRecovery
  }

  package let path: String
  package let reason: Reason

  package var what: String {
    switch reason {
    case .foreign: "the target holds a file that is not of this delivery"
    case .tooLargeForFAT(let count, let largest):
      "the target's file system (FAT) holds no file of 4 GiB; here \(count) are as large, the "
        + "largest of \(Language.english.size(largest))"
    case .noRoom(let needed, let free):
      "the delivery needs \(Language.english.size(needed)), the target has \(Language.english.size(free))"
    case .noRecovery: "the recovered files are not there"
    }
  }

  package var place: String { path }

  package var advice: String {
    switch reason {
    case .foreign:
      "name an empty folder, or run again with the choices that the delivery was begun with"
    case .tooLargeForFAT:
      "name a target with exFAT or NTFS, or leave such files out with --max-size 4095M"
    case .noRoom: "name a larger target, or deliver less: --type, --path, without --with-damaged"
    case .noRecovery: "write them first with `renflou recover`, then name that folder with --from"
    }
  }
}
