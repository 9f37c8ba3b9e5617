// SPDX-License-Identifier: Apache-2.0

import CSignatureScan

/// Four bytes in a row of a signature, as sets of values: what the loop looks for.
struct Window {
  let classes: [ByteClass]

  /// The rarest four bytes of a signature, and where in it they start; nil for one that cannot be
  /// looked for. What lies beyond a short signature may be anything.
  static func rarest(in signature: Signature) -> (Window, anchor: Int)? {
    guard signature.isUsable else { return nil }
    let elements = signature.elements
    var best: (window: Window, anchor: Int)?
    for anchor in 0...max(0, elements.count - 4) {
      let classes = (anchor..<anchor + 4).map { index in
        index < elements.count ? ByteClass(elements[index]) : .any
      }
      let window = Window(classes: classes)
      if best.map({ window.frequency < $0.window.frequency }) ?? true { best = (window, anchor) }
    }
    return best.map { ($0.window, $0.anchor) }
  }

  /// How often it is expected at a random place.
  var frequency: Double { classes.reduce(1) { $0 * $1.frequency } }

  /// The hashes of all its first three bytes.
  var hashes: Set<Int> {
    var words: [UInt32] = [0]
    for (index, values) in classes.prefix(3).enumerated() {
      // A window this wide is not worth sorting out.
      if words.count * values.count > 0x4_0000 { return Set(0..<0x1_0000) }
      words = words.flatMap { word in
        values.members.map { word | UInt32($0) << (8 * UInt32(index)) }
      }
    }
    return Set(words.map { Int(css_hash($0)) })
  }
}

/// A set of byte values.
struct ByteClass: Hashable {
  private(set) var words: SIMD4<UInt64> = .zero
  private(set) var frequency = 0.0

  static let any: ByteClass = {
    var all = ByteClass()
    for value in UInt8.min...UInt8.max { all.insert(value) }
    return all
  }()

  init() {}

  init(_ element: Signature.Element) {
    for value in UInt8.min...UInt8.max where value & element.mask == element.value {
      insert(value)
    }
  }

  var members: [UInt8] { (UInt8.min...UInt8.max).filter(contains) }
  var count: Int { members.count }

  func contains(_ value: UInt8) -> Bool {
    words[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1
  }

  mutating func insert(_ value: UInt8) {
    guard !contains(value) else { return }
    words[Int(value >> 6)] |= 1 << UInt64(value & 63)
    frequency += Self.prior(value)
  }

  func union(_ other: Self) -> Self {
    var result = self
    let added = other.words & ~words
    guard added != .zero else { return self }
    for value in UInt8.min...UInt8.max
    where added[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1 {
      result.insert(value)
    }
    return result
  }

  /// Whether some member has this low nibble, and some member this high nibble: what a loop that
  /// looks up nibbles takes for a member.
  func containsByNibbles(_ value: UInt8) -> Bool {
    members.contains { $0 & 15 == value & 15 } && members.contains { $0 >> 4 == value >> 4 }
  }

  /// How often a value is met on disks: zeros and filler far more than the rest.
  private static func prior(_ value: UInt8) -> Double {
    switch value {
    case 0x00: 0.30
    case 0x20, 0xFF: 0.03
    case 0x61...0x7A: 0.012
    default: 0.004
    }
  }
}
