// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension BtrfsVolume {
  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    var disk = disk
    disk.chunks.add(NodeScan.systemChunks(superblock, disk))
    let reader = NodeReader(superblock, disk)
    let live = LiveFiles(rootTree, reader)
    let contents = Contents(disk: disk, superblock: superblock)
    let scan = NodeScan(superblock, disk)
    let sums = DataChecksums(
      reader: reader, tree: live.subvolumes.checksumTree, past: scan.checksums)
    // Where nodes are missing, an older tree may have the file in full.
    var incomplete: [(Life, FileState)] = []
    try live.visit { volume, file in
      guard file.isComplete else {
        incomplete.append((Life(file, of: volume), file))
        return
      }
      let content = content(of: file, contents, isOverlaid ? sums : nil)
      for finding in present(file, of: volume, live.paths, content, number: number) {
        try body(finding)
      }
    }
    let history = History(live, scan, backups: superblock.backups)
    let past = PastFiles(self, live, history, scan, contents, number: number)
    try past.visit(body)
    for (life, file) in incomplete where history.versions[life] == nil {
      let content = content(of: file, contents, isOverlaid ? sums : nil)
      for finding in present(file, of: life.volume, live.paths, content, number: number) {
        try body(finding)
      }
    }
  }

  private func content(
    of file: FileState, _ contents: Contents, _ sums: DataChecksums?
  ) -> Content {
    switch file.inode.kind {
    case .folder, .other: Content()
    case .file, .symbolicLink: contents.content(of: file, sums, in: rootTree.generation)
    }
  }

  /// A file that is present, once for each of its names.
  private func present(
    _ file: FileState, of volume: UInt64, _ paths: PathFinder, _ found: Content, number: UInt16
  ) -> [Finding] {
    let content = found.extents
    var evidence: [Evidence] =
      isOverlaid ? [.olderTree(transaction: rootTree.generation)] : [.listedAsLive]
    if superblock.checksum.isHandled { evidence.append(.metadataChecksumHolds("tree")) }
    evidence += found.lostParts(superblock)
    if isOverlaid, file.inode.kind == .file {
      if found.isVerified {
        evidence.append(.checksumsHold(count: found.held, kind: superblock.checksum.name))
      }
      if let first = found.broken.first {
        evidence.append(
          .brokenAt(first.start, problem: "the checksum of its data does not hold"))
      }
    }
    return file.names.filter { $0.folder != file.number }.map { name in
      let path = paths.path(to: FolderNumber(volume: volume, number: name.folder))
      return Finding(
        volume: number, origin: isOverlaid ? .undelete : .live, kind: file.inode.findingKind,
        folder: path.components,
        name: name.name, type: name.name.pathExtension, size: content.length,
        times: file.inode.times, content: content,
        evidence: path.isWhole ? evidence : evidence + [.parentUnknown],
        key: FindingKey.key(Life(file, of: volume), version: 0))
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
  static func key(_ life: Life, version: Int) -> UInt64 {
    life.volume << 52 | (life.number & 0xFF_FFFF_FFFF) << 12 | (life.madeIn & 0xFF) << 4
      | UInt64(clamping: version) & 0xF
  }
}
