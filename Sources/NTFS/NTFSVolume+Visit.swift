// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension NTFSVolume {
  /// Records below this are the file system's own.
  private static let firstFile: UInt64 = 16

  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    let catalogue = Catalogue(of: self)
    let leftovers = LeftoverNames(of: self, catalogue, landmarks: landmarks)
    var paths = Paths(catalogue, leftovers)
    let claims = DeletedClaims(of: self, catalogue)
    var room = source.length.rawValue / SystemCompression.leastStored
    for index in 0..<records.count {
      let own = records.number(at: index)
      guard own >= Self.firstFile, let record = records.record(at: index), record.base == nil
      else { continue }
      let file = FileRecord(
        record, number: own, attributes: attributes(of: record, number: own, in: catalogue),
        of: self, room: &room)
      for var finding in file.findings(volume: number, &paths) {
        if finding.isDeleted { finding.evidence += claims.evidence(finding, of: own) }
        try body(finding)
      }
    }
    let alone = leftovers.names.filter {
      !$0.value.isFolder && !catalogue.describes($0.key)
        && $0.value.parent.number != FileRecord.extendNumber
    }
    for finding in namesAlone(alone, volume: number, &paths) { try body(finding) }
  }

  /// Files of which nothing but an entry in a folder is left.
  private func namesAlone(
    _ leftovers: [FileReference: FileName], volume: UInt16, _ paths: inout Paths
  ) -> [Finding] {
    leftovers.sorted { $0.key.rawValue < $1.key.rawValue }.map { reference, entry in
      let (folder, name) = paths.path(of: entry.name, in: entry.parent)
      let source = paths.leftovers.evidence(of: reference)
      return Finding(
        volume: volume, origin: .undelete, folder: folder.components, name: name,
        type: name.pathExtension, size: entry.size, times: entry.times,
        content: [Extent(.lost, count: entry.size)],
        evidence: [.deletedEntry, source]
          + folder.evidence.subtracting([source]).sortedByWords,
        key: reference.number << 32 | UInt64(reference.sequence) << 16 | 0xFFFF)
    }
  }
}

extension Set<Evidence> {
  /// In an order that does not depend on hashing.
  var sortedByWords: [Evidence] { sorted { "\($0)" < "\($1)" } }
}
