// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Walks the folders that are present, from the root down, and remembers what later questions need.
struct LiveTree {
  struct Owner: Sendable {
    let parent: UInt64
    let name: RawName
  }

  private let volume: XFSVolume
  /// Where each inode that was met is named first.
  private(set) var owners: [UInt64: Owner] = [:]
  private(set) var folders: Set<UInt64> = []
  /// Blocks of folders that are present, by where they start.
  private(set) var blocks: Set<ByteOffset> = []
  /// Names that were removed from folders that are present.
  private(set) var leftovers: [(folder: UInt64, entries: [DirectoryEntry])] = []

  /// Names whose inode was not delivered: nothing else is known of these files.
  private(set) var namesAlone: [(path: [RawName], entry: DirectoryEntry, inode: UInt64)] = []

  /// Folders below this many others are not followed.
  private static let deepest = 512

  init(_ volume: XFSVolume) { self.volume = volume }

  /// Visits every entry; folders before what they hold.
  mutating func walk(
    _ body: (_ path: [RawName], _ name: RawName, _ number: UInt64, _ inode: Inode) throws -> Void
  ) throws {
    // With the path of the folder above, which all in it share.
    var pending: [(number: UInt64, above: [RawName], name: [RawName])] = [
      (volume.superblock.rootInode, [], [])
    ]
    while let (number, above, name) = pending.popLast() {
      let path = above + name
      guard path.count < Self.deepest, let folder = volume.inode(number), folder.kind == .folder,
        folders.insert(number).inserted
      else { continue }
      var fresh: Set<ByteOffset> = []
      guard
        let directory = volume.directory(
          of: folder, number,
          isNew: { !blocks.contains($0) && fresh.insert($0).inserted })
      else { continue }
      blocks.formUnion(fresh)
      if !directory.leftovers.isEmpty { leftovers.append((number, directory.leftovers)) }
      var below: [(number: UInt64, above: [RawName], name: [RawName])] = []
      for entry in directory.entries {
        guard case .inode(let target) = entry.target else { continue }
        guard let inode = volume.inode(target), inode.isInUse else {
          if volume.isUnread(target) { namesAlone.append((path, entry, target)) }
          continue
        }
        if owners[target] == nil { owners[target] = Owner(parent: number, name: entry.name) }
        try body(path, entry.name, target, inode)
        if inode.kind == .folder { below.append((target, path, [entry.name])) }
      }
      pending += below.reversed()
    }
  }

  /// Whether a name in a present folder leads to the inode.
  func holds(_ number: UInt64) -> Bool {
    owners[number] != nil || number == volume.superblock.rootInode
  }

  /// The path of a file that is present, as text.
  func path(of number: UInt64) -> String {
    var names: [String] = []
    var at = number
    while at != volume.superblock.rootInode, names.count < Self.deepest, let owner = owners[at] {
      names.append(owner.name.text)
      at = owner.parent
    }
    return names.reversed().joined(separator: "/")
  }
}
