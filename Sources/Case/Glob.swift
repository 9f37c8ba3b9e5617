// SPDX-License-Identifier: Apache-2.0

/// A pattern for names and paths, as shells have it: `*` and `?` stay within a name, `**` crosses
/// folders, `[a-z]` and `[!a-z]` are sets. Letters match in either case.
package struct Glob: Sendable {
  private enum Part: Sendable {
    case character(Unicode.Scalar)
    case any
    case anyRun
    case anyDepth
    case anyFolders
    case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)
  }

  /// A text with its letters folded, ready for any number of patterns.
  package struct Text: Sendable {
    fileprivate let scalars: ArraySlice<Unicode.Scalar>

    package init(_ text: String) {
      scalars =
        text.unicodeScalars.map { scalar in
          switch scalar.value {
          case 0x41...0x5A: Unicode.Scalar(UInt8(scalar.value) | 0x20)
          case 0..<0xC0: scalar
          default: Self.lowercase(scalar)
          }
        }[...]
    }

    private init(_ scalars: ArraySlice<Unicode.Scalar>) {
      self.scalars = scalars
    }

    /// A letter whose lower case is more than one scalar stays as it is.
    private static func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
      let mapping = scalar.properties.lowercaseMapping.unicodeScalars
      guard let only = mapping.first, mapping.dropFirst().isEmpty else { return scalar }
      return only
    }

    /// What follows the first `/`; nil where there is none.
    package var withoutFirstFolder: Text? {
      scalars.firstIndex(of: "/").map { Text(scalars[($0 + 1)...]) }
    }
  }

  private let parts: [Part]

  package init(_ pattern: String) {
    var rest = Text(pattern).scalars
    var parts: [Part] = []
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*" where rest.first == "*":
        rest.removeFirst()
        // `**/x` also means an `x` at the top.
        if rest.first == "/" {
          rest.removeFirst()
          parts.append(.anyFolders)
        } else {
          parts.append(.anyDepth)
        }
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
  package func matches(_ text: String) -> Bool { matches(Text(text)) }

  /// Whether all of `text` matches.
  package func matches(_ text: Text) -> Bool {
    let scalars = text.scalars
    // The last `*` met, and the last `**`: where to go on when the rest does not fit.
    var back: [(part: Int, position: Int)] = []
    var part = 0
    var position = scalars.startIndex
    while true {
      if part == parts.count, position == scalars.endIndex { return true }
      if part < parts.count, advance(&part, &position, scalars, &back) { continue }
      // Lengthen the latest run by one; a `*` must not take a `/`.
      var resumed = false
      while let last = back.popLast() {
        var next = last.position + 1
        if case .anyFolders = parts[last.part] {
          next = (scalars[last.position...].firstIndex(of: "/") ?? scalars.endIndex) + 1
        }
        guard next <= scalars.endIndex else { continue }
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
    _ part: inout Int, _ position: inout Int, _ scalars: ArraySlice<Unicode.Scalar>,
    _ back: inout [(part: Int, position: Int)]
  ) -> Bool {
    switch parts[part] {
    case .anyRun:
      back.removeAll { if case .anyRun = parts[$0.part] { true } else { false } }
      back.append((part, position))
    case .anyDepth, .anyFolders:
      back.removeAll()
      back.append((part, position))
    case .any:
      guard position < scalars.endIndex, scalars[position] != "/" else { return false }
      position += 1
    case .character(let scalar):
      guard position < scalars.endIndex, scalars[position] == scalar else { return false }
      position += 1
    case .oneOf(let ranges, let negated):
      guard position < scalars.endIndex, scalars[position] != "/",
        ranges.contains(where: { $0.contains(scalars[position]) }) != negated
      else { return false }
      position += 1
    }
    part += 1
    return true
  }
}
