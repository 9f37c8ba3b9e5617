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

  /// How often it is expected at a random place: half of a disk is binary data, a third text.
  var frequency: Double {
    0.5 * classes.reduce(1) { $0 * $1.inData } + 0.35 * classes.reduce(1) { $0 * $1.inText }
  }

  /// The hashes of all its first three bytes, each once.
  var hashes: [Int] {
    var words: [UInt32] = [0]
    for (index, values) in classes.prefix(3).enumerated() {
      // A window this wide is not worth sorting out.
      if words.count * values.count > 0x4_0000 { return Array(0..<0x1_0000) }
      words = words.flatMap { word in
        values.members.map { word | UInt32($0) << (8 * UInt32(index)) }
      }
    }
    var seen = [Bool](repeating: false, count: words.count > 1 ? 0x1_0000 : 0)
    return words.map { Int(css_hash($0)) }.filter { hash in
      defer { if words.count > 1 { seen[hash] = true } }
      return words.count == 1 || !seen[hash]
    }
  }
}
