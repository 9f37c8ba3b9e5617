// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The files that are present: the tree from the root down, each folder once.
struct LiveTree {
  /// A file that is present, where it lies, and its path for those whose blocks it took.
  struct Owner: Sendable {
    let parent: UInt32
    let name: RawName
  }

  private let volume: ExtVolume
  /// Folders by inode number.
  private(set) var folders: [UInt32: Inode] = [:]
  /// Blocks of folders that are present.
  private(set) var folderBlocks: [UInt64: UInt32] = [:]
  private(set) var owners: [UInt32: Owner] = [:]
  /// Names in the folders that are present, now and left over.
  private(set) var blocks: [(folder: UInt32, block: DirectoryBlock)] = []
  /// Names whose inode was not delivered: nothing else is known of these files.
  private(set) var namesAlone: [(path: [RawName], entry: DirectoryEntry)] = []

  init(_ volume: ExtVolume) { self.volume = volume }

  /// Visits every entry; folders before what they hold.
  mutating func walk(
    _ body: (_ path: [RawName], _ entry: DirectoryEntry, _ inode: Inode) throws -> Void
  ) throws {
    var pending: [(number: UInt32, path: [RawName])] = [(2, [])]
    while let (number, path) = pending.popLast() {
      guard folders[number] == nil, path.count < 512, let folder = volume.inode(number),
        folder.kind == .folder
      else { continue }
      folders[number] = folder
      var below: [(number: UInt32, path: [RawName])] = []
      for entry in try entries(of: folder, number) {
        guard let inode = volume.inode(entry.inode), inode.links > 0 else {
          if volume.isUnread(entry.inode) { namesAlone.append((path, entry)) }
          continue
        }
        if owners[entry.inode] == nil {
          owners[entry.inode] = Owner(parent: number, name: entry.name)
        }
        try body(path, entry, inode)
        if inode.kind == .folder { below.append((entry.inode, path + [entry.name])) }
      }
      pending += below.reversed()
    }
  }

  private mutating func entries(of folder: Inode, _ number: UInt32) throws -> [DirectoryEntry] {
    if folder.hasInlineData {
      // The number of the folder above, then entries.
      let content = Array(folder.inlineContent.dropFirst(4))
      guard let block = DirectoryBlock(content, hasTypes: volume.hasFileTypes) else { return [] }
      blocks.append((number, block))
      return block.entries
    }
    var entries: [DirectoryEntry] = []
    for run in volume.liveRuns(of: folder) ?? [] {
      for physical in run.physical..<run.physical + run.count {
        guard folderBlocks.updateValue(number, forKey: physical) == nil,
          let bytes = volume.block(physical),
          let block = DirectoryBlock(bytes, hasTypes: volume.hasFileTypes)
        else { continue }
        blocks.append((number, block))
        entries += block.entries
      }
    }
    return entries
  }

  /// The path of a file that is present, as text.
  func path(of number: UInt32) -> String {
    var names: [String] = []
    var at = number
    while at != 2, names.count < 512, let owner = owners[at] {
      names.append(owner.name.text)
      at = owner.parent
    }
    return names.reversed().joined(separator: "/")
  }
}
