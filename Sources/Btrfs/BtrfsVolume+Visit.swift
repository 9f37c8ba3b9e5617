// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension BtrfsVolume {
  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    var disk = disk
    for chunk in NodeScan.systemChunks(superblock, disk) { disk.chunks.add(chunk) }
    let reader = NodeReader(superblock, disk)
    let live = LiveFiles(rootTree, reader)
    let contents = Contents(disk: disk, superblock: superblock)
    try live.visit { volume, file in
      for finding in present(file, of: volume, live.paths, contents, number: number) {
        try body(finding)
      }
    }
    let scan = NodeScan(superblock, disk)
    let history = History(live, scan, backups: superblock.backups)
    let past = PastFiles(self, live, history, scan, contents, number: number)
    try past.visit(body)
  }

  /// A file that is present, once for each of its names.
  private func present(
    _ file: FileState, of volume: UInt64, _ paths: PathFinder, _ contents: Contents, number: UInt16
  ) -> [Finding] {
    let content: [Extent] =
      switch file.inode.kind {
      case .folder, .other: []
      case .file, .symbolicLink: contents.content(of: file, nil, in: superblock.generation).extents
      }
    var evidence: [Evidence] = [.listedAsLive]
    if superblock.checksum.isHandled { evidence.append(.metadataChecksumHolds("tree")) }
    return file.names.filter { $0.folder != file.number }.map { name in
      let path = paths.path(to: FolderNumber(volume: volume, number: name.folder))
      return Finding(
        volume: number, origin: .live, kind: file.inode.findingKind, folder: path.components,
        name: name.name, type: name.name.pathExtension, size: content.length,
        times: file.inode.times, content: content,
        evidence: path.isWhole ? evidence : evidence + [.parentUnknown],
        key: FindingKey.key(volume, file.number, 0))
    }
  }
}

extension InodeItem {
  /// The kind of a finding that describes it.
  var findingKind: Finding.Kind {
    switch kind {
    case .file: .file
    case .folder: .folder
    case .symbolicLink: .symbolicLink
    case .other: .other
    }
  }
}

/// What tells findings apart.
enum FindingKey {
  static func key(_ volume: UInt64, _ inode: UInt64, _ version: Int) -> UInt64 {
    volume << 48 | (inode & 0xFF_FFFF_FFFF) << 8 | UInt64(clamping: version) & 0xFF
  }
}
