// SPDX-License-Identifier: Apache-2.0

/// Which elements of an HTML page are open, and whether all were closed in order: a page in whose
/// middle another's text stands is hardly in balance.
struct HTMLTags {
  private static let deepest = 4096
  private static let farthest = 64
  private static let void: Set<String> = [
    "area", "base", "basefont", "bgsound", "br", "col", "command", "embed", "frame", "hr", "img",
    "input", "keygen", "link", "meta", "param", "source", "track", "wbr",
  ]
  /// Elements whose end tags may be left out.
  private static let optional: Set<String> = [
    "html", "head", "body", "p", "li", "dt", "dd", "rt", "rp", "option", "optgroup", "colgroup",
    "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
  ]
  private var names: [Name] = []
  private(set) var isBalanced = true
  private(set) var sawRoot = false
  private(set) var count: UInt64 = 0

  /// A start tag.
  mutating func open(_ name: String, isClosed: Bool) {
    count &+= 1
    if name == "html" {
      if sawRoot { isBalanced = false }
      sawRoot = true
    }
    guard !isClosed, !Self.void.contains(name) else { return }
    if names.count < Self.deepest { names.append(Name(name)) } else { isBalanced = false }
  }

  /// An end tag.
  mutating func close(_ name: String) {
    count &+= 1
    let wanted = Name(name)
    var isInOrder = true
    var index = names.count
    while index > 0, names.count - index < Self.farthest {
      index -= 1
      if names[index].key == wanted.key {
        names.removeSubrange(index...)
        if !isInOrder { isBalanced = false }
        return
      }
      if !names[index].isOptional { isInOrder = false }
    }
    // Browsers forgive the end of a paragraph that is not open.
    if name != "p", name != "br", !Self.void.contains(name) { isBalanced = false }
  }

  /// An element's name, made quick to compare.
  private struct Name {
    let key: UInt64
    let isOptional: Bool

    init(_ name: String) {
      key = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
      isOptional = HTMLTags.optional.contains(name)
    }
  }
}
