// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// Names in folders' indexes of files whose records have been given to others since.
struct LeftoverNames {
  /// More than this is no folder's leftovers.
  private static let most = 1_000_000

  /// By the life of the record that they name; the first of several is kept, short names last.
  private(set) var names: [FileReference: FileName] = [:]

  /// - Parameter landmarks: sorted by offset, in bytes of the medium.
  init(of volume: NTFSVolume, _ catalogue: Catalogue, landmarks: [Landmark]) {
    // A small folder's index lies in its record; one that grew leaves it behind the attributes.
    for index in 0..<volume.records.count {
      guard let record = volume.records.record(at: index) else { continue }
      add(IndexEntry.all(in: record.bytes, from: 0x38), catalogue)
    }
    guard let medium = volume.source.medium else { return }
    let whole = Source(medium)
    for landmark in landmarks where landmark.kind == .ntfsIndex {
      guard let head = try? whole.readPrefix(at: landmark.offset, count: 32),
        let length = IndexEntry.blockLength(head),
        let block = try? whole.readPrefix(at: landmark.offset, count: length)
      else { continue }
      add(IndexEntry.all(inBlock: block), catalogue)
    }
  }

  private mutating func add(_ entries: [IndexEntry], _ catalogue: Catalogue) {
    for entry in entries
    where names.count < Self.most && entry.file.number > 15
      && (catalogue.nameless.contains(entry.file.number) || !catalogue.describes(entry.file))
    {
      if let known = names[entry.file], !known.isShort || entry.name.isShort { continue }
      names[entry.file] = entry.name
    }
  }
}
