// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage

/// Finds where files went that are not where they should be: by their digests, among the files that
/// should not be there or should be others.
struct AuditMoves {
  /// Where files went, by the paths that they should have.
  struct Moves {
    var targets: [[UInt8]: [UInt8]] = [:]
    var entries: [AuditEntry] = []
  }

  private let reading: AuditReading

  init(_ reading: AuditReading) { self.reading = reading }

  /// Reads strays only where one of the missing files may have their size.
  func moves(of missing: [ExpectedFile], among strays: [FolderFile]) throws -> Moves {
    var moves = Moves()
    let sizes = Set(strays.map(\.length))
    let wanted = try missing.compactMap { file -> (ExpectedFile, FileDigest)? in
      if let size = file.size, !sizes.contains(size) { return nil }
      return try digest(of: file).map { (file, $0) }
    }
    let wantedSizes = Set(wanted.map(\.0.size))
    let candidates = strays.filter { wantedSizes.contains(nil) || wantedSizes.contains($0.length) }
    var places: [FileDigest: [FolderFile]] = [:]
    for kind in Set(wanted.map(\.1.kind)) {
      for (file, digest) in zip(candidates, try reading.digests(kind, of: candidates)) {
        if let digest { places[FileDigest(kind, digest), default: []].append(file) }
      }
    }
    for (file, digest) in wanted {
      guard let index = Self.best(of: places[digest] ?? [], for: file),
        let target = places[digest]?.remove(at: index)
      else { continue }
      moves.targets[file.path] = target.path
      var entry = AuditEntry(file.path, .moved)
      entry.target = target.path
      entry.expectedSize = file.size
      entry.size = target.length
      moves.entries.append(entry)
    }
    return moves
  }

  /// One with the same name before others; of empty files, which are all alike, no other.
  private static func best(of files: [FolderFile], for wanted: ExpectedFile) -> Int? {
    let name = wanted.path.name
    return files.firstIndex { $0.path.name == name } ?? files.firstIndex { $0.length > 0 }
  }

  private func digest(of file: ExpectedFile) throws -> FileDigest? {
    if let digest = file.digest { return digest }
    guard let content = file.content, let comparison = reading.comparison else { return nil }
    return try comparison.sha256(of: content) { try reading.check() }
      .map { FileDigest(.sha256, $0) }
  }
}

extension [UInt8] {
  /// What follows the last slash.
  fileprivate var name: ArraySlice<UInt8> {
    lastIndex(of: 0x2F).map { self[($0 + 1)...] } ?? self[...]
  }
}
