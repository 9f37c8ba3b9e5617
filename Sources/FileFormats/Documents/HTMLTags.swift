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
  private var names: [String] = []
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
    if names.count < Self.deepest { names.append(name) } else { isBalanced = false }
  }

  /// An end tag.
  mutating func close(_ name: String) {
    count &+= 1
    var isInOrder = true
    for (index, open) in names.indices.reversed().prefix(Self.farthest).map({ ($0, names[$0]) }) {
      if open == name {
        names.removeSubrange(index...)
        if !isInOrder { isBalanced = false }
        return
      }
      if !Self.optional.contains(open) { isInOrder = false }
    }
    // Browsers forgive the end of a paragraph that is not open.
    if name != "p", name != "br", !Self.void.contains(name) { isBalanced = false }
  }
}
