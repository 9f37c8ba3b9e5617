// SPDX-License-Identifier: Apache-2.0

/// A pattern for names and paths, as shells have it: `*` and `?` stay within a name, `**` crosses
/// folders, `[a-z]` and `[!a-z]` are sets. Letters match in either case.
package struct Glob: Sendable {
  private enum Part: Sendable {
    case character(Unicode.Scalar)
    case any
    case anyRun
    case anyDepth
    case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)
  }

  private let parts: [Part]

  package init(_ pattern: String) {
    var rest = Self.folded(pattern)[...]
    var parts: [Part] = []
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*" where rest.first == "*":
        rest.removeFirst()
        parts.append(.anyDepth)
        // `**/x` also means an `x` at the top.
        if rest.first == "/" { rest.removeFirst() }
      case "*": parts.append(.anyRun)
      case "?": parts.append(.any)
      case "[": parts.append(Self.set(&rest) ?? .character("["))
      case "\\": parts.append(.character(rest.popFirst() ?? "\\"))
      default: parts.append(.character(scalar))
      }
    }
    self.parts = parts
  }

  private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) -> Part? {
    var scan = rest
    let negated = scan.first == "!" || scan.first == "^"
    if negated { scan.removeFirst() }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    while let low = scan.popFirst() {
      if low == "]", !ranges.isEmpty {
        rest = scan
        return .oneOf(ranges, negated: negated)
      }
      if scan.first == "-", let high = scan.dropFirst().first, high != "]" {
        scan = scan.dropFirst(2)
        if low <= high { ranges.append(low...high) }
      } else {
        ranges.append(low...low)
      }
    }
    return nil
  }

  /// Whether all of `text` matches.
  package func matches(_ text: String) -> Bool {
    let scalars = Self.folded(text)
    // The last `*` met, and the last `**`: where to go on when the rest does not fit.
    var back: [(part: Int, position: Int)] = []
    var part = 0
    var position = 0
    while true {
      if part == parts.count, position == scalars.count { return true }
      if part < parts.count, advance(&part, &position, scalars, &back) { continue }
      // Lengthen the latest run by one; a `*` must not take a `/`.
      var resumed = false
      while let last = back.popLast() {
        let next = last.position + 1
        guard next <= scalars.count else { continue }
        if case .anyRun = parts[last.part], scalars[next - 1] == "/" { continue }
        // An older `*` can add nothing once a later one has begun, unless it may cross folders.
        back.append((last.part, next))
        (part, position) = (last.part + 1, next)
        resumed = true
        break
      }
      if !resumed { return false }
    }
  }

  /// One step forward; false where the part does not fit here.
  private func advance(
    _ part: inout Int, _ position: inout Int, _ scalars: [Unicode.Scalar],
    _ back: inout [(part: Int, position: Int)]
  ) -> Bool {
    switch parts[part] {
    case .anyRun:
      back.removeAll { if case .anyRun = parts[$0.part] { true } else { false } }
      back.append((part, position))
    case .anyDepth:
      back.removeAll()
      back.append((part, position))
    case .any:
      guard position < scalars.count, scalars[position] != "/" else { return false }
      position += 1
    case .character(let scalar):
      guard position < scalars.count, scalars[position] == scalar else { return false }
      position += 1
    case .oneOf(let ranges, let negated):
      guard position < scalars.count, scalars[position] != "/",
        ranges.contains(where: { $0.contains(scalars[position]) }) != negated
      else { return false }
      position += 1
    }
    part += 1
    return true
  }

  private static func folded(_ text: String) -> [Unicode.Scalar] {
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      return text.utf8.map {
        Unicode.Scalar((0x41...0x5A).contains($0) ? $0 | 0x20 : $0)
      }
    }
    return Array(text.lowercased().unicodeScalars)
  }
}
