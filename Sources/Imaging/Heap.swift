// SPDX-License-Identifier: Apache-2.0

/// Things of which the most valuable one comes first.
struct Heap<Element: Sendable>: Sendable {
  private var items: [(value: Double, element: Element)] = []

  var bestValue: Double? { items.first?.value }
  var elements: [Element] { items.map(\.element) }

  mutating func insert(_ element: Element, value: Double) {
    items.append((value, element))
    var child = items.count - 1
    while child > 0, items[(child - 1) / 2].value < items[child].value {
      items.swapAt((child - 1) / 2, child)
      child = (child - 1) / 2
    }
  }

  mutating func removeBest() -> Element? {
    guard let best = items.first else { return nil }
    items.swapAt(0, items.count - 1)
    items.removeLast()
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < items.count && items[child].value > items[largest].value { largest = child }
      guard largest != parent else { return best.element }
      items.swapAt(parent, largest)
      parent = largest
    }
  }
}
