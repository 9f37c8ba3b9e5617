// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A tree as one transaction left it: items in the order of their keys.
struct Tree {
  let root: TreeRoot
  let reader: NodeReader

  init(_ root: TreeRoot, _ reader: NodeReader) {
    self.root = root
    self.reader = reader
  }

  /// Hands out the leaves that may hold keys of a range, in order, each with the places of those items;
  /// what `body` answers decides whether the visit goes on.
  ///
  /// Children are taken only where their keys lie between those of their parent, so that no node is met
  /// twice, whatever pointers say.
  ///
  /// - Parameter isKnown: asked for each node before it is read; what is known is passed over.
  /// - Returns: whether everything was read that may hold such keys.
  @discardableResult
  func visit(
    _ range: ClosedRange<Key>, unless isKnown: (TreeRoot) -> Bool = { _ in false },
    _ body: (Node, Range<Int>) throws -> Bool
  ) rethrows -> Bool {
    var walk = Walk(range: range, isComplete: true, goesOn: true)
    guard !isKnown(root) else { return true }
    guard let node = reader.node(root) else { return false }
    if root.isHeadless, let last = node.keys.last, last <= range.upperBound {
      walk.isComplete = false
    }
    try visit(node, below: nil, unless: isKnown, &walk, body)
    return walk.isComplete
  }

  private struct Walk {
    let range: ClosedRange<Key>
    var isComplete: Bool
    var goesOn: Bool
  }

  private func visit(
    _ node: Node, below limit: Key?, unless isKnown: (TreeRoot) -> Bool, _ walk: inout Walk,
    _ body: (Node, Range<Int>) throws -> Bool
  ) rethrows {
    if node.isLeaf {
      let first = node.index(notBelow: walk.range.lowerBound)
      var end = first
      while end < node.keys.count, node.keys[end] <= walk.range.upperBound { end += 1 }
      if first < end { walk.goesOn = try body(node, first..<end) }
      return
    }
    // The child before the first key that is not below may reach into the range.
    var index = node.index(notBelow: walk.range.lowerBound)
    if index > 0, index == node.keys.count || node.keys[index] > walk.range.lowerBound {
      index -= 1
    }
    while walk.goesOn, index < node.keys.count, node.keys[index] <= walk.range.upperBound {
      let end = index + 1 < node.keys.count ? node.keys[index + 1] : limit
      if let pointer = node.child(index), !isKnown(pointer) {
        if let child = reader.node(pointer), child.keys.first == node.keys[index],
          let last = child.keys.last, end.map({ last < $0 }) ?? true
        {
          try visit(child, below: end, unless: isKnown, &walk, body)
        } else {
          walk.isComplete = false
        }
      }
      index += 1
    }
  }

  /// Hands out the items of a range in order, until `body` says no.
  @discardableResult
  func items(
    _ range: ClosedRange<Key>, _ body: (Key, [UInt8]) throws -> Bool
  ) rethrows -> Bool {
    var isSound = true
    let isComplete = try visit(range) { node, places in
      for place in places {
        guard let data = try? node.data(place) else {
          isSound = false
          continue
        }
        if try !body(node.keys[place], data) { return false }
      }
      return true
    }
    return isComplete && isSound
  }

  /// The first item of a range.
  func first(_ range: ClosedRange<Key>) -> (key: Key, data: [UInt8])? {
    var result: (key: Key, data: [UInt8])?
    items(range) { key, data in
      result = (key, data)
      return false
    }
    return result
  }
}
