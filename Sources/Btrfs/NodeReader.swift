// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads nodes by address, and keeps the last ones: neighbours in a tree are asked for again and again.
///
/// A class, since every reader of one visit shares what is kept; it never leaves its visit.
final class NodeReader {
  let superblock: Superblock
  let disk: AddressSpace
  private var kept: [TreeRoot: Node] = [:]
  private var order: [TreeRoot] = []
  private var next = 0
  /// How often nodes may still be asked for, and read: a hostile disk may lead to the same ones again
  /// and again.
  private var asked = 1 << 28
  private var read = 1 << 24
  /// Nodes that are kept: 8 MiB of 16 KiB each.
  private static let mostKept = 512

  init(_ superblock: Superblock, _ disk: AddressSpace) {
    self.superblock = superblock
    self.disk = disk
  }

  /// The node that a pointer means: the first copy that is sound, of that transaction and level; nil
  /// where none is.
  func node(_ pointer: TreeRoot) -> Node? {
    var pointer = pointer
    pointer.isHeadless = false
    asked -= 1
    guard asked > 0 else { return nil }
    if let node = kept[pointer] { return node }
    read -= 1
    guard read > 0,
      let range = try? Range(at: pointer.address, count: superblock.nodeSize),
      range.lowerBound.rawValue % superblock.sectorSize.rawValue == 0
    else { return nil }
    for copy in 0..<disk.chunks.copyCount(at: pointer.address) {
      guard let bytes = try? disk.read(range, copy: copy), let node = Node(bytes, of: superblock),
        node.header.address == pointer.address, node.header.generation == pointer.generation,
        node.header.level == pointer.level
      else { continue }
      keep(node, as: pointer)
      return node
    }
    return nil
  }

  private func keep(_ node: Node, as pointer: TreeRoot) {
    if order.count < Self.mostKept {
      order.append(pointer)
    } else {
      kept[order[next]] = nil
      order[next] = pointer
      next = (next + 1) % Self.mostKept
    }
    kept[pointer] = node
  }
}
