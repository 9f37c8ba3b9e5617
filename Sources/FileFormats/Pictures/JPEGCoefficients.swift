// SPDX-License-Identifier: Apache-2.0

/// What is known of a picture's coefficients while its scans are decoded: whether each component
/// was seen and, for progressive pictures, which coefficients are not zero, one bit each.
struct JPEGCoefficients {
  private(set) var nonzero: [[UInt64]]
  private var isSeen: [Bool]

  init(of frame: JPEGFrame) {
    nonzero = frame.components.map { component in
      frame.isProgressive
        ? [UInt64](repeating: 0, count: component.columns * component.rows) : []
    }
    isSeen = [Bool](repeating: false, count: frame.components.count)
  }

  var isComplete: Bool { isSeen.allSatisfy { $0 } }

  mutating func see(_ component: Int) { isSeen[component] = true }

  /// Takes the bits of one component out, to be changed without a copy and put back.
  mutating func take(_ component: Int) -> [UInt64] {
    var taken: [UInt64] = []
    swap(&taken, &nonzero[component])
    return taken
  }

  mutating func put(_ bits: [UInt64], _ component: Int) { nonzero[component] = bits }
}
