// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The files that the newest trees list.
final class LiveFiles {
  let subvolumes: Subvolumes
  let reader: NodeReader
  private(set) var paths: PathFinder
  /// Nodes of subvolumes that were visited. Those that a snapshot shares with another are not in it.
  private(set) var visited: Set<VisitedNode> = []
  /// Nodes of any subvolume that were visited.
  private var shared: Set<TreeRoot> = []

  init(_ rootTree: TreeRoot, _ reader: NodeReader) {
    self.reader = reader
    let subvolumes = Subvolumes(Tree(rootTree, reader))
    self.subvolumes = subvolumes
    paths = PathFinder(subvolumes) { volume in
      subvolumes.roots[volume].map { Tree($0.root, reader) }
    }
  }

  func tree(of volume: UInt64) -> Tree? {
    subvolumes.roots[volume].map { Tree($0.root, reader) }
  }

  /// A file as the newest tree of its subvolume has it; nil where it is not there in full, or has no
  /// name left.
  func file(_ number: UInt64, in volume: UInt64) -> FileState? {
    guard let file = tree(of: volume)?.file(number), file.inode.links > 0, file.isComplete else {
      return nil
    }
    return file
  }

  /// The same, if it is the file that is asked for and not a later one of its number.
  func file(_ life: Life) -> FileState? {
    file(life.number, in: life.volume).flatMap { $0.inode.madeIn == life.madeIn ? $0 : nil }
  }

  /// Whether a folder holds a name, of a file that is there.
  func holds(_ name: RawName, in folder: FolderNumber) -> Bool {
    let key = Key(folder.number, ItemKind.directoryEntry, NameHash.hash(name))
    guard let entries = tree(of: folder.volume)?.first(key...key)?.data,
      let entry = DirectoryEntry.entries(entries).first(where: { $0.name == name })
    else { return false }
    return entry.target.kind == ItemKind.root
      || file(entry.target.object, in: folder.volume) != nil
  }

  /// Hands out every inode that has a name, by subvolume and number. Of a snapshot only what does not
  /// lie in a node that was handed out before.
  func visit(_ body: (_ volume: UInt64, FileState) throws -> Void) throws {
    let hasSnapshots = subvolumes.roots.count > 1
    for volume in subvolumes.order {
      guard let tree = tree(of: volume) else { continue }
      var last: UInt64?
      try tree.visit(Key(ObjectNumber.first, 0, 0)...Key(ObjectNumber.end, 0, 0)) { pointer in
        if hasSnapshots, !shared.insert(pointer).inserted { return true }
        visited.insert(VisitedNode(volume: volume, node: pointer))
        return false
      } _: { node, places in
        for place in places where node.keys[place].object != last {
          let number = node.keys[place].object
          last = number
          if let file = tree.file(number), file.inode.links > 0 { try body(volume, file) }
        }
        return true
      }
    }
  }
}

/// A node that was met in a tree of a subvolume.
struct VisitedNode: Hashable, Sendable {
  let volume: UInt64
  let node: TreeRoot
}
