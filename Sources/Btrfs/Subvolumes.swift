// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What a root tree tells: the subvolumes with their places, and the trees that serve all of them.
struct Subvolumes {
  private(set) var roots: [UInt64: RootItem] = [:]
  private(set) var places: [UInt64: RootPlace] = [:]
  private(set) var checksumTree: TreeRoot?
  private(set) var extentTree: TreeRoot?
  /// Whether all of the root tree could be read.
  let isWhole: Bool

  /// More than anybody has.
  private static let most = 1 << 16

  init(_ rootTree: Tree) {
    var roots: [UInt64: RootItem] = [:]
    var places: [UInt64: RootPlace] = [:]
    var special: [UInt64: TreeRoot] = [:]
    isWhole = rootTree.items(Key.all) { key, data in
      switch key.kind {
      case ItemKind.root:
        guard let item = try? RootItem(data) else { break }
        if ObjectNumber.isVolume(key.object), item.isInUse, roots.count < Self.most {
          roots[key.object] = item
        } else if key.object < ObjectNumber.first {
          special[key.object] = item.root
        }
      case ItemKind.rootPlace:
        if ObjectNumber.isVolume(key.object), places.count < Self.most {
          places[key.object] = RootPlace(key, data)
        }
      default: break
      }
      return true
    }
    self.roots = roots
    self.places = places
    checksumTree = special[ObjectNumber.checksumTree]
    extentTree = special[ObjectNumber.extentTree]
  }

  /// Subvolumes before snapshots, each in the order of their numbers: what snapshots share with them
  /// is told of them.
  var order: [UInt64] {
    roots.keys.sorted { left, right in
      let (first, second) = (roots[left]?.isSnapshot ?? false, roots[right]?.isSnapshot ?? false)
      return first == second ? left < right : second
    }
  }
}
