// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// The files that the volumes of a source list as present: what a folder that was restored from it, or
/// backed up to it, should hold.
package struct ImageTree {
  package let expected: ExpectedFiles
  /// How many volumes were read.
  package let volumes: Int

  /// Visits the present files of all volumes on a source. With one volume, paths begin at its root; with
  /// several, below the folder that a recovery gives each.
  ///
  /// Throws `Cancelled`.
  ///
  /// - Parameter folder: only what lies below it, with paths from there; its components.
  package init(_ source: Source, below folder: [[UInt8]], observer: JobObserver) throws {
    let slices = Probe(source).slices.filter { $0.volume != nil }
    var files: [ExpectedFile] = []
    for slice in slices {
      guard let volume = slice.volume else { continue }
      let prefix = slices.count > 1 ? [Array(slice.folder.utf8)] : []
      try volume.visitPresent(number: slice.number) { finding in
        if files.count % 1024 == 0 { try observer.check() }
        guard finding.kind == .file, let name = finding.name else { return }
        // On NTFS a colon stands before the name of a stream, which no copy holds.
        if volume.kind == "NTFS", name.bytes.contains(0x3A) { return }
        let path = prefix + (finding.folder ?? []).map(\.bytes) + [name.bytes]
        guard path.count > folder.count, path.starts(with: folder) else { return }
        var file = ExpectedFile(
          path: Array(path.dropFirst(folder.count).joined(separator: [0x2F])),
          size: finding.size)
        file.content = finding.content
        file.modified = finding.times.modified
        files.append(file)
      }
    }
    volumes = slices.count
    var expected = ExpectedFiles(files)
    expected.medium = source.medium
    let isCoarse = slices.contains { ($0.volume?.kind ?? "").uppercased().hasPrefix("FAT") }
    expected.timeStep = isCoarse ? 2_000_000_000 : 1
    self.expected = expected
  }
}
