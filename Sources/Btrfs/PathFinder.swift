// SPDX-License-Identifier: Apache-2.0

import Findings

/// A folder of a subvolume.
struct FolderNumber: Hashable, Sendable {
  let volume: UInt64
  let number: UInt64
}

/// Finds the paths of folders in one state of the file system, from the top of its address space of
/// names down; the subvolumes' own places are folders of it.
final class PathFinder {
  struct Path {
    let components: [RawName]
    /// Whether it begins at the top.
    let isWhole: Bool
  }

  private let subvolumes: Subvolumes
  private let tree: (_ volume: UInt64) -> Tree?
  private var known: [FolderNumber: Path] = [:]
  private static let deepest = 256
  private static let mostKnown = 1 << 14

  /// - Parameter tree: the tree of a subvolume, in this state.
  init(_ subvolumes: Subvolumes, tree: @escaping (_ volume: UInt64) -> Tree?) {
    self.subvolumes = subvolumes
    self.tree = tree
  }

  /// The path of a folder; where a folder above is not known, its number stands for it.
  func path(to folder: FolderNumber) -> Path {
    var names: [RawName] = []
    var passed: [(FolderNumber, depth: Int)] = []
    var at = folder
    var start: Path?
    while start == nil {
      if let path = known[at] {
        start = path
      } else if at.number == ObjectNumber.first, at.volume == ObjectNumber.topVolume {
        start = Path(components: [], isWhole: true)
      } else if names.count < Self.deepest, let above = above(at) {
        passed.append((at, names.count))
        names.append(above.name)
        at = above.folder
      } else {
        start = Path(components: [RawName("#\(at.number)")], isWhole: false)
      }
    }
    guard let start, start.components.count + names.count <= Self.deepest else {
      return Path(components: [RawName("#\(folder.number)")], isWhole: false)
    }
    if known.count > Self.mostKnown { known = [:] }
    let path = Path(components: start.components + names.reversed(), isWhole: start.isWhole)
    for (number, depth) in passed {
      let own = names.count - depth
      known[number] = Path(
        components: Array(path.components.prefix(start.components.count + own)),
        isWhole: start.isWhole)
    }
    return path
  }

  private func above(_ folder: FolderNumber) -> (name: RawName, folder: FolderNumber)? {
    if folder.number == ObjectNumber.first {
      guard let place = subvolumes.places[folder.volume] else { return nil }
      return (place.name, FolderNumber(volume: place.volume, number: place.folder))
    }
    let range =
      Key(folder.number, ItemKind.inodeName, 0)...Key(folder.number, ItemKind.inodeNames, .max)
    guard let item = tree(folder.volume)?.first(range),
      let name = InodeName.names(item.key, item.data).first
    else { return nil }
    return (name.name, FolderNumber(volume: folder.volume, number: name.folder))
  }
}
