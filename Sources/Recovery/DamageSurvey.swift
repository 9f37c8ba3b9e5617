// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Storage
import Volumes

/// Finds which files lie on ranges that were not read: from a case, or from an image itself.
package struct DamageSurvey {
  private let map: Mapfile
  private let includesDeleted: Bool
  private let observer: JobObserver

  package init(map: Mapfile, includesDeleted: Bool, observer: JobObserver = JobObserver()) {
    self.map = map
    self.includesDeleted = includesDeleted
    self.observer = observer
  }

  /// The files of a case; its source may be gone.
  package func files(of record: Case) throws -> DamageList {
    var list = DamageList(map)
    var query = Query()
    query.show = includesDeleted ? .all : .live
    try record.each(query) { id, finding in
      if list.examined % 4096 == 0 { try observer.check() }
      try list.add(finding, id: id) { try record.path(of: $0, id: id) }
      return true
    }
    list.finish()
    return list
  }

  /// The files of the volumes on a medium; nil where no volume can be opened.
  ///
  /// - Parameter medium: one that lends nothing of what the map calls unread.
  package func files(on medium: any Medium) throws -> DamageList? {
    let witness = DefectWitness(medium, map: map)
    let source = Source(witness)
    var slices = Probe(source).slices.filter { $0.volume != nil }
    if slices.isEmpty {
      // The first structures may be among what was not read.
      slices = Probe(source).searchingLost().slices.filter { $0.volume != nil }
    }
    guard !slices.isEmpty else { return nil }
    var list = DamageList(map)
    let unread = UnreadBlocks(map)
    var claimed: [Range<ByteOffset>] = []
    for slice in slices {
      guard let volume = slice.volume else { continue }
      let folder = Array(slice.folder.utf8)
      try volume.visit(number: slice.number, landmarks: []) { finding in
        if list.examined % 4096 == 0 { try check(slice, of: source, list) }
        guard includesDeleted || !finding.isDeleted else {
          claimed += Loss(of: finding.content, on: unread).places
          return
        }
        list.add(finding) { Self.path(of: $0, in: folder) }
      }
    }
    list.finish()
    let misses = witness.misses.subtracting(list.places).subtracting(RangeSet(unsorted: claimed))
    list.blindSpots = slices.compactMap { Self.blindSpot(in: $0, misses) }
    return list
  }

  private func check(_ slice: Slice, of source: Source, _ list: DamageList) throws {
    try observer.check()
    observer.observe(
      JobProgress(
        phase: .volumes, done: ByteCount(slice.range.lowerBound), total: source.length,
        defects: 0, files: list.examined))
  }

  private static func path(of finding: Finding, in folder: [UInt8]) -> [UInt8] {
    var components = folder.isEmpty ? [] : [folder]
    components += (finding.folder ?? []).map(\.bytes)
    components.append(finding.name?.bytes ?? Array("#\(finding.key)".utf8))
    return Array(components.joined(separator: [0x2F]))
  }

  /// What a volume asked for in vain, but for free space, where only the past stands.
  private static func blindSpot(
    in slice: Slice, _ misses: RangeSet<ByteOffset>
  ) -> DamageList.BlindSpot? {
    let own = misses.intersection(RangeSet(slice.range))
    guard !own.isEmpty, let volume = slice.volume else { return nil }
    let count = own.subtracting(volume.allocation().unallocated).length
    return count > 0 ? DamageList.BlindSpot(folder: slice.folder, count: count) : nil
  }
}

extension ByteCount {
  fileprivate init(_ offset: ByteOffset) { self.init(offset.rawValue) }
}
