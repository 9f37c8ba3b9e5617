// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Names of folders whose own went with a record that is gone, from index entries of which the front
/// was written over: the number of the folder is lost, the moment at which it was made is not.
///
/// An entry's times are those of the day it was made, all four alike; the folder's record keeps the
/// first of them. Such a tie is believed where just one nameless folder was made at that moment, to
/// 100 ns, and just one name bears it.
struct CutNames {
  /// Folders without a name, by when they were made; nil where that was the moment of several.
  private var folders: [Timestamp: FileReference?] = [:]
  /// The name of each; nil where there were several.
  private var found: [FileReference: FileName?] = [:]

  init(of volume: NTFSVolume, _ catalogue: Catalogue) {
    for number in catalogue.nameless {
      guard let record = volume.records.record(number), record.isFolder,
        let created = record.standardInformation?.times.created,
        // Programs that set times mostly set whole seconds.
        created.nanoseconds % 1_000_000_000 != 0
      else { continue }
      let reference = folders[created] == nil ? record.reference(number) : nil
      folders.updateValue(reference, forKey: created)
    }
  }

  var names: [FileReference: FileName] { found.compactMapValues { $0 } }

  /// Looks behind the attributes of a folder's record, where its index stood before it grew.
  mutating func add(_ record: Record, number: UInt64) {
    guard !folders.isEmpty, record.isFolder,
      let created = record.standardInformation?.times.created
    else { return }
    let folder = record.reference(number)
    // An older one may be of a folder that had the record before.
    for (moment, name) in cut(in: record.bytes) where created <= moment {
      add(name.moved(to: folder), madeAt: moment)
    }
  }

  /// Looks into an index block, where as a rule an entry still says whose folder it is in.
  mutating func add(block: [UInt8], _ catalogue: Catalogue) {
    guard !folders.isEmpty else { return }
    for (moment, name) in cut(in: block)
    where name.parent.number == FileReference.rootNumber || catalogue.folder(name.parent) != nil {
      add(name, madeAt: moment)
    }
  }

  private mutating func add(_ name: FileName, madeAt moment: Timestamp) {
    guard let known = folders[moment], let folder = known else { return }
    let isNew = found[folder].map { $0?.parent == name.parent && $0?.name == name.name } ?? true
    found.updateValue(isNew ? name : nil, forKey: folder)
  }

  /// Names of folders in entries without a front, with the moment at which a nameless one was made.
  private func cut(in bytes: [UInt8]) -> [(Timestamp, FileName)] {
    var result: [(Timestamp, FileName)] = []
    for at in stride(from: 0x38, to: bytes.count - FileName.headerSize, by: 8) {
      guard let moment = Times(fileTimes: bytes, at: at + 8).accessed, folders[moment] != nil,
        let name = FileName(bytes, at: at), name.isFolder, !name.isShort, name.size == 0,
        // A whole entry says by number whose it is.
        !IndexEntry.stands(in: bytes, at: at - 16)
      else { continue }
      result.append((moment, name))
    }
    return result
  }
}
