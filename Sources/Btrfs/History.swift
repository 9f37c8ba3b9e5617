// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A file as a tree of the past has it.
struct Version: Sendable {
  /// Where a name stood.
  struct Place: Sendable {
    let folder: FolderNumber
    let name: RawName
    var path: [RawName]
    var isWhole: Bool
  }

  let file: FileState
  /// The transaction of the state.
  let generation: UInt64
  /// The checksums of that state.
  let checksumTree: TreeRoot?
  var places: [Place]
}

/// Everything that trees of the past tell beyond the present: old root trees with all that they lead
/// to, then nodes that nothing leads to any more. One merge: each node is looked at once.
final class History {
  /// The versions of each file that differ in content, as they were met: the newest first.
  private(set) var versions: [Life: [Version]] = [:]
  /// Files that had lost their names when they were seen, and what they held.
  private(set) var nameless: [Life: Version] = [:]
  /// Whether there was more than is kept.
  private(set) var isCutShort = false

  private let live: LiveFiles
  private let reader: NodeReader
  private let scan: NodeScan
  private var visited: Set<VisitedNode>
  /// The newest known place of each folder, where its own state does not tell.
  private var folders: [FolderNumber: (name: RawName, above: FolderNumber)] = [:]
  private var keptExtents = 0

  private static let mostVersions = 8
  private static let mostFiles = 1 << 20
  /// Extents that are kept, of all files together: some 300 MB.
  private static let mostExtents = 3 << 20

  init(_ live: LiveFiles, _ scan: NodeScan, backups: [TreeRoot]) {
    self.live = live
    self.scan = scan
    reader = live.reader
    visited = live.visited
    for root in rootTrees(backups) { collect(root) }
    for node in scan.nodes where ObjectNumber.isVolume(node.owner) { collect(node) }
    completePaths()
  }

  /// Nodes that root trees began with, the newest first, and those of lower levels behind.
  private func rootTrees(_ backups: [TreeRoot]) -> [TreeRoot] {
    let found = scan.nodes.filter { $0.owner == ObjectNumber.rootTree }.map {
      TreeRoot(address: $0.address, generation: $0.generation, level: $0.level, isHeadless: true)
    }
    return backups + found.sorted { ($0.level, $0.generation) > ($1.level, $1.generation) }
  }

  /// Takes what an old root tree leads to.
  private func collect(_ root: TreeRoot) {
    var unique = root
    unique.isHeadless = false
    let mark = VisitedNode(volume: ObjectNumber.rootTree, node: unique)
    guard visited.insert(mark).inserted else { return }
    let rootTree = Tree(root, reader)
    // The leaves of a root tree that was read in full begin no trees of their own.
    rootTree.visit(Key.all) { pointer in
      var pointer = pointer
      pointer.isHeadless = false
      visited.insert(VisitedNode(volume: ObjectNumber.rootTree, node: pointer))
      return false
    } _: { _, _ in
      true
    }
    let subvolumes = Subvolumes(rootTree)
    let reader = reader
    let paths = PathFinder(subvolumes) { volume in
      subvolumes.roots[volume].map { Tree($0.root, reader) }
    }
    for volume in subvolumes.order {
      guard let item = subvolumes.roots[volume] else { continue }
      collect(
        Tree(item.root, reader), of: volume, in: root.generation, subvolumes.checksumTree, paths)
    }
  }

  /// Takes a node that nothing led to.
  private func collect(_ node: NodeHeader) {
    let root = TreeRoot(
      address: node.address, generation: node.generation, level: node.level, isHeadless: true)
    let reader = reader
    let paths = PathFinder(live.subvolumes) { volume in
      volume == node.owner ? Tree(root, reader) : nil
    }
    collect(Tree(root, reader), of: node.owner, in: node.generation, nil, paths)
  }

  private func collect(
    _ tree: Tree, of volume: UInt64, in generation: UInt64, _ checksumTree: TreeRoot?,
    _ paths: PathFinder
  ) {
    var last: UInt64?
    tree.visit(Key(ObjectNumber.first, 0, 0)...Key(ObjectNumber.end, 0, 0)) { pointer in
      var pointer = pointer
      pointer.isHeadless = false
      return !visited.insert(VisitedNode(volume: volume, node: pointer)).inserted
    } _: { node, places in
      learnFolders(node, places, of: volume)
      for place in places where node.keys[place].object != last {
        let number = node.keys[place].object
        last = number
        guard let file = tree.file(number), file.inode.kind != .other else { continue }
        take(
          Version(
            file: file, generation: generation, checksumTree: checksumTree,
            places: self.places(of: file, in: volume, paths)),
          of: Life(file, of: volume))
      }
      return true
    }
  }

  /// Names of folders in the folders above: of many a folder nothing else is left.
  private func learnFolders(_ node: Node, _ places: Range<Int>, of volume: UInt64) {
    for place in places where node.keys[place].kind == ItemKind.directoryIndex {
      guard let data = try? node.data(place),
        let entry = DirectoryEntry.entries(data).first, entry.isFolder,
        entry.target.kind == ItemKind.inode
      else { continue }
      let folder = FolderNumber(volume: volume, number: entry.target.object)
      if folders[folder] == nil, folders.count < Self.mostFiles {
        let above = FolderNumber(volume: volume, number: node.keys[place].object)
        folders[folder] = (entry.name, above)
      }
    }
  }

  private func places(
    of file: FileState, in volume: UInt64, _ paths: PathFinder
  ) -> [Version.Place] {
    file.names.filter { $0.folder != file.number }.map { name in
      let folder = FolderNumber(volume: volume, number: name.folder)
      let path = paths.path(to: folder)
      if file.inode.kind == .folder,
        folders[FolderNumber(volume: volume, number: file.number)] == nil
      {
        folders[FolderNumber(volume: volume, number: file.number)] = (name.name, folder)
      }
      return Version.Place(
        folder: folder, name: name.name, path: path.components, isWhole: path.isWhole)
    }
  }

  private func take(_ version: Version, of life: Life) {
    let file = version.file
    let present = live.file(life)
    if file.inode.links == 0 || version.places.isEmpty {
      if nameless.count < Self.mostFiles, nameless[life] == nil, !file.extents.isEmpty,
        present == nil
      {
        nameless[life] = version
      }
      return
    }
    var known = versions[life] ?? []
    if let present {
      guard file.inode.kind == .file, !present.contains(file), file.inode.size > 0 else { return }
    }
    if known.contains(where: { file.inode.kind == .folder || $0.file.hasContent(of: file) }) {
      return
    }
    // Of one and the same state one tree may have more than another.
    if let index = known.firstIndex(where: {
      $0.file.inode == file.inode && $0.file.isComplete != file.isComplete
    }) {
      if file.isComplete { known[index] = version }
      versions[life] = known
      return
    }
    guard known.count < Self.mostVersions, versions.count < Self.mostFiles,
      keptExtents + file.extents.count <= Self.mostExtents
    else {
      isCutShort = true
      return
    }
    keptExtents += file.extents.count
    known.append(version)
    versions[life] = known
  }

  /// Paths that the own state of a version could not tell, from what any other told.
  private func completePaths() {
    for (life, known) in versions {
      guard known.contains(where: { $0.places.contains { !$0.isWhole } }) else { continue }
      versions[life] = known.map { version in
        var version = version
        version.places = version.places.map { place in
          guard !place.isWhole else { return place }
          var place = place
          (place.path, place.isWhole) = path(to: place.folder)
          return place
        }
        return version
      }
    }
  }

  private func path(to folder: FolderNumber) -> ([RawName], Bool) {
    var names: [RawName] = []
    var at = folder
    while names.count < 512 {
      let present = live.paths.path(to: at)
      if present.isWhole { return (present.components + names.reversed(), true) }
      guard let known = folders[at] else { break }
      names.append(known.name)
      at = known.above
    }
    return ([RawName("#\(at.number)")] + names.reversed(), false)
  }
}
