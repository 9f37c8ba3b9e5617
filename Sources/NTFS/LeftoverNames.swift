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
    for number in catalogue.folders.keys.sorted() {
      guard let record = volume.records.record(number) else { continue }
      for attribute in record.attributes where attribute.type == .indexRoot {
        guard case .resident(let value) = attribute.form else { continue }
        add(IndexEntry.all(in: value, from: 0x10), catalogue)
      }
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
    where names.count < Self.most && entry.file.number > 15 && !catalogue.describes(entry.file) {
      if let known = names[entry.file], !known.isShort || entry.name.isShort { continue }
      names[entry.file] = entry.name
    }
  }
}
