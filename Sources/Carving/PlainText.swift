// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Plain text has no signature and no structure: it is told by clusters that hold nothing else, and ends
/// where a cluster is filled up with zeros.
///
/// Only on a volume, where files begin with a cluster; and only in what nothing else claims.
package struct PlainText {
  /// A text, in ranges of the medium.
  package struct Text: Sendable, Equatable {
    package let content: [Extent]
    /// It ends where no text follows, rather than with its own end.
    package let isCut: Bool

    package var start: ByteOffset? { content.first?.range?.lowerBound }
  }

  private var content: [Extent] = []
  private var length: ByteCount = 0
  /// Bytes of a character that the last cluster began and did not end.
  private var pending = 0
  private var endsLine = false

  /// Of a text whose end is missing, less is not worth keeping.
  private static let shortestCut: ByteCount = 0x1_0000

  package init() {}

  /// Takes the next cluster, in order of offset; returns the text that ends with it, or before it.
  ///
  /// What lies between clusters belongs to others: a text goes on behind them.
  package mutating func add(_ bytes: RawSpan, at start: ByteOffset) -> Text? {
    let count = ByteCount(clamping: bytes.byteCount)
    switch TextCluster(bytes, continuing: content.isEmpty ? nil : pending) {
    case .whole(let rest):
      append(Extent(.medium(start), count: count))
      length = length.addingClamped(count)
      pending = rest
      let last = try? bytes.little(UInt8.self, at: bytes.byteCount - 1)
      endsLine = last == 0x0A || last == 0x0D
      return nil
    case .end(let used):
      append(Extent(.medium(start), count: used))
      return taken(isCut: false)
    case .none:
      return finish()
    }
  }

  /// No text follows: what was begun may end here.
  package mutating func finish() -> Text? {
    defer { reset() }
    guard !content.isEmpty, endsLine || length >= Self.shortestCut else { return nil }
    return taken(isCut: !endsLine)
  }

  private mutating func taken(isCut: Bool) -> Text {
    defer { reset() }
    return Text(content: content, isCut: isCut)
  }

  private mutating func append(_ part: Extent) {
    guard let last = content.popLast() else { return content.append(part) }
    content += [last, part].coalesced
  }

  /// Whether no text was begun.
  package var isIdle: Bool { content.isEmpty }

  private mutating func reset() {
    content = []
    length = 0
    pending = 0
    endsLine = false
  }
}
