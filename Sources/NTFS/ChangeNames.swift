// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The last names of files of which the change journal tells: read from its pages, wherever they lie,
/// in use or freed.
struct ChangeNames {
  /// As many pages are read: 1 GiB of them, where Windows keeps 32 MiB to 512 MiB.
  private static let mostPages = 0x4_0000

  private(set) var names: [FileReference: FileName] = [:]

  /// - Parameters:
  ///   - landmarks: sorted by offset, in bytes of the medium.
  ///   - most: of how many files.
  ///   - isWanted: whether the name of a file is asked for.
  init(
    of volume: NTFSVolume, landmarks: [Landmark], most: Int,
    where isWanted: (FileReference) -> Bool
  ) {
    guard let medium = volume.source.medium else { return }
    let formatted = volume.formatted
    let whole = Source(medium)
    var pages: [(place: UInt64, offset: ByteOffset)] = []
    var end: ByteOffset = 0
    for landmark in landmarks where landmark.kind == .ntfsChange && landmark.offset >= end {
      guard pages.count < Self.mostPages,
        let first = ChangeRecord.all(in: Self.page(whole, landmark.offset)).first
      else { continue }
      pages.append((first.place, landmark.offset))
      end = landmark.offset.advancedClamped(by: ChangeRecord.pageSize)
    }
    // The latest first: what is known by then was told later.
    pages.sort { ($1.place, $1.offset) < ($0.place, $0.offset) }
    for page in pages {
      for record in ChangeRecord.all(in: Self.page(whole, page.offset)).reversed()
      where names[record.file] == nil && names.count < most && isWanted(record.file) {
        if let formatted, let moment = record.moment, moment < formatted {
          continue
        }
        names[record.file] = record.name
      }
    }
  }

  private static func page(_ source: Source, _ offset: ByteOffset) -> [UInt8] {
    (try? source.readPrefix(at: offset, count: ChangeRecord.pageSize)) ?? []
  }
}
