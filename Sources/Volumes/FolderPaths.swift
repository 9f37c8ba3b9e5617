// SPDX-License-Identifier: Apache-2.0

import Findings

/// The folders that a visit met, each with the one above it. The first one is the root.
package struct FolderPaths: Sendable {
  private struct Folder: Sendable {
    var name: RawName
    /// Nil for the root, and for a folder whose parent is not known.
    let parent: Int?
    let isUnknown: Bool
    let depth: Int
  }

  /// Folders below this many others are not followed.
  package static let depthLimit = 128

  private var folders = [Folder(name: RawName([]), parent: nil, isUnknown: false, depth: 0)]

  package init() {}

  package var names: [RawName] { folders.map(\.name) }

  /// The place of a new folder; nil where it would be too deep.
  ///
  /// - Parameters:
  ///   - parent: the place of the one above; nil where that is not known.
  ///   - isUnknown: whether where it belongs is not known.
  package mutating func add(_ name: RawName, in parent: Int?, isUnknown: Bool = false) -> Int? {
    let depth = parent.map { folders[$0].depth + 1 } ?? 1
    guard depth < Self.depthLimit else { return nil }
    folders.append(Folder(name: name, parent: parent, isUnknown: isUnknown, depth: depth))
    return folders.count - 1
  }

  package mutating func rename(_ folder: Int, to name: RawName) { folders[folder].name = name }

  /// The folders from the root down.
  package func path(of folder: Int) -> [RawName] {
    var names: [RawName] = []
    var next: Int? = folder
    while let index = next, index != 0, names.count < Self.depthLimit {
      names.append(folders[index].name)
      next = folders[index].parent
    }
    return names.reversed()
  }

  /// Whether the place of a folder, or of one above it, is not known.
  package func isPlaceUnknown(_ folder: Int) -> Bool {
    var next: Int? = folder
    while let index = next {
      if folders[index].isUnknown { return true }
      next = folders[index].parent
    }
    return false
  }
}
