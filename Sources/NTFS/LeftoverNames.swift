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

  /// Of those, the ones that the change journal told.
  private var fromChanges: Set<FileReference> = []

  /// Names of deleted files in indexes, by the life of the record: of links that went before the last
  /// one, or from before a renaming.
  private(set) var former: [FileReference: Set<FileName>] = [:]
  private static let mostFormer = 8

  /// When the volume was formatted: what was last changed before is of another one.
  private let formatted: Timestamp?

  /// - Parameter landmarks: sorted by offset, in bytes of the medium.
  init(of volume: NTFSVolume, _ catalogue: Catalogue, landmarks: [Landmark]) {
    formatted = volume.formatted
    var cut = CutNames(of: volume, catalogue)
    // A small folder's index lies in its record; one that grew leaves it behind the attributes.
    for index in 0..<volume.records.count {
      guard let record = volume.records.record(at: index) else { continue }
      add(IndexEntry.all(in: record.bytes, from: 0x38), catalogue)
      cut.add(record, number: volume.records.number(at: index))
    }
    if let medium = volume.source.medium {
      let whole = Source(medium)
      var end: ByteOffset = 0
      // A block within another one is none of its own.
      for landmark in landmarks where landmark.kind == .ntfsIndex && landmark.offset >= end {
        guard let head = try? whole.readPrefix(at: landmark.offset, count: 32),
          let length = IndexEntry.blockLength(head),
          let raw = try? whole.readPrefix(at: landmark.offset, count: length),
          let block = UpdateSequence.undone(raw)
        else { continue }
        end = landmark.offset.advancedClamped(by: length)
        add(IndexEntry.all(in: block, from: 0x18), catalogue)
        cut.add(block: block, catalogue)
      }
    }
    for (folder, name) in cut.names where names[folder] == nil { names[folder] = name }
    let changes = ChangeNames(of: volume, landmarks: landmarks, most: Self.most) {
      $0.number > 15 && catalogue.lacksName($0)
    }
    for (file, name) in changes.names where names[file] == nil && names.count < Self.most {
      names[file] = name
      fromChanges.insert(file)
    }
    volume.eachLogPage { add(IndexEntry.all(in: $0, from: 0x40), catalogue, isLog: true) }
  }

  /// - Parameter isLog: whether they come from the log, which has what was renamed and moved as well.
  private mutating func add(
    _ entries: [IndexEntry], _ catalogue: Catalogue, isLog: Bool = false
  ) {
    for entry in entries where entry.file.number > 15 && names.count < Self.most {
      if let formatted, let changed = entry.name.times.changed, changed < formatted { continue }
      if !isLog, catalogue.isDeleted(entry.file), !entry.name.isShort {
        if former[entry.file, default: []].count < Self.mostFormer {
          former[entry.file, default: []].insert(entry.name)
        }
      }
      guard catalogue.lacksName(entry.file) else { continue }
      if let known = names[entry.file], !known.isShort || entry.name.isShort { continue }
      names[entry.file] = entry.name
    }
  }

  /// How the name of a file is known.
  func evidence(of file: FileReference) -> Evidence {
    fromChanges.contains(file) ? .nameFromChangeJournal : .nameFromFreedDirectory
  }

  /// Names that a deleted file had beside `known`, in order.
  func former(of file: FileReference, beside known: [FileName]) -> [FileName] {
    var places = Set(known.map(\.place))
    let all = (former[file] ?? []).filter { !$0.isFolder }.sorted {
      ($0.parent.rawValue, $0.name) < ($1.parent.rawValue, $1.name)
    }
    return all.filter { places.insert($0.place).inserted }
  }
}

extension FileName {
  fileprivate struct Place: Hashable {
    let parent: FileReference
    let name: RawName
  }

  /// What tells it from another name of the same file.
  fileprivate var place: Place { Place(parent: parent, name: name) }
}
