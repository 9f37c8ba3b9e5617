// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A source that cannot be opened, and what to do about it.
package struct SourceError: Explained, Equatable {
  package enum Reason: Sendable, Equatable {
    case missing
    case noRights
    /// Neither a file nor a block device; says what it is instead.
    case notASource(String)
    case empty
    /// A block device that is mounted, or that something else holds.
    case busy
    case unreadable(String)
    case badMapfile(String)
    /// A file of an image that is kept in several, from 1.
    case missingPart(Int)
    case badImage(String)
  }

  package let path: String
  package let reason: Reason

  package init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  package var what: String {
    switch reason {
    case .missing: "there is no such source"
    case .noRights: "no right to read the source"
    case .notASource(let kind): "this is \(kind), not a disk or an image"
    case .empty: "the source is empty: 0 bytes"
    case .busy: "the source is in use: it is mounted, or part of something that is"
    case .unreadable(let problem): "cannot open the source: \(problem)"
    case .badMapfile(let problem): "the mapfile cannot be used: \(problem)"
    case .missingPart(let number): "part \(number) of the image is missing"
    case .badImage(let problem): "the image cannot be used: \(problem)"
    }
  }

  package var place: String { path }

  package var advice: String {
    switch reason {
    case .missing: "check the path; `renflou devices` lists the disks"
    case .noRights: "run it as root (sudo), or as a member of the group that may read it"
    case .notASource: "name a block device such as /dev/sdb, or an image file"
    case .empty: "check that the copy was finished, or that a card is in the reader"
    case .busy: "unmount it (lsblk shows what holds it); --shared goes on if it is only read there"
    case .unreadable: "check the cable and the kernel's log (dmesg)"
    case .badMapfile: "name another one with --map, or move it away to read the image without it"
    case .missingPart: "put all parts into one folder, and name the first"
    case .badImage: "name the first part (.E01); copy it again if it is damaged"
    }
  }
}
