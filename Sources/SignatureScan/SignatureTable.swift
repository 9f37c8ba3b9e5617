// SPDX-License-Identifier: Apache-2.0

import Bytes
import CSignatureScan

/// A signature that was met: which one, and where the file that it marks would start.
package struct SignatureHit: Hashable, Sendable, Comparable {
  /// Its place in the list that the table was made of.
  package let signature: Int
  /// Relative to the span; negative where the file starts before it.
  package let position: Int

  package init(signature: Int, position: Int) {
    self.signature = signature
    self.position = position
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.position, left.signature) < (right.position, right.signature)
  }
}

/// Many signatures, compiled once to be looked for together at every byte offset.
///
/// A signature of zeros alone, or of fewer than two bytes, is never found: it would be everywhere.
package struct SignatureTable: Sendable {
  private let signatures: [Signature]
  private let stream: StreamTable
  private let sectors: SectorTable

  /// What both loops look at in turn: short enough to stay in a core's own cache.
  private static let piece = 0x4_0000

  /// The bytes from a file's start to the end of its farthest signature.
  package let longestReach: Int

  package init(_ signatures: [Signature]) {
    self.init(signatures, variant: css_best_variant())
  }

  /// - Parameter variant: one that this processor can run.
  init(_ signatures: [Signature], variant: CInt) {
    self.signatures = signatures
    longestReach = signatures.map { $0.offset + $0.elements.count }.max() ?? 0
    let usable = signatures.enumerated().filter { $0.element.isUsable }
      .map { (number: $0.offset, signature: $0.element) }
    let isOfSectors = usable.map { SectorTable.takes($0.signature) }
    sectors = SectorTable(zip(usable, isOfSectors).filter(\.1).map(\.0))
    stream = StreamTable(zip(usable, isOfSectors).filter { !$0.1 }.map(\.0), variant: variant)
  }

  /// Appends all hits in `bytes`, at most 4 GiB, by position, then signature.
  ///
  /// - Parameters:
  ///   - base: the offset of the span on the medium, for signatures that are aligned.
  ///   - blanks: ranges of the span that are known to hold zeros alone, in order: nothing is looked for
  ///     in them.
  package func scan(
    _ bytes: RawSpan, at base: UInt64, skipping blanks: [Range<Int>] = [],
    into hits: inout [SignatureHit]
  ) {
    let first = hits.count
    var position = 0
    var sector = SectorTable.firstSector(at: base)
    for blank in stream.seesZeros ? [] : blanks where blank.lowerBound >= position {
      scan(bytes, from: &position, &sector, to: blank.lowerBound, at: base, into: &hits)
      // A window may begin with the last zeros, and a sector reach behind them.
      position = max(position, blank.upperBound - 3)
      while sector + SectorTable.size <= blank.upperBound { sector += SectorTable.size }
    }
    scan(bytes, from: &position, &sector, to: bytes.byteCount, at: base, into: &hits)
    hits[first...].sort()
  }

  private func scan(
    _ bytes: RawSpan, from position: inout Int, _ sector: inout Int, to end: Int, at base: UInt64,
    into hits: inout [SignatureHit]
  ) {
    while position < end {
      let limit = min(end, position + Self.piece)
      stream.scan(bytes, from: &position, to: limit) {
        verify($0, at: $1, in: bytes, at: base, into: &hits)
      }
      sectors.scan(bytes, from: &sector, to: limit) {
        verify($0, at: $1, in: bytes, at: base, into: &hits)
      }
    }
  }

  /// Compares the whole signature.
  private func verify(
    _ index: Int, at start: Int, in bytes: RawSpan, at base: UInt64,
    into hits: inout [SignatureHit]
  ) {
    let signature = signatures[index]
    let position = start - signature.offset
    if signature.isAligned(base, position), signature.stands(in: bytes, at: start) {
      hits.append(SignatureHit(signature: index, position: position))
    }
  }
}

extension Signature {
  /// Whether all elements match the bytes from `start` on.
  func stands(in bytes: RawSpan, at start: Int) -> Bool {
    guard start >= 0, start + elements.count <= bytes.byteCount else { return false }
    for (index, element) in elements.enumerated() {
      // SAFETY: the whole signature lies within the span.
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: start + index, as: UInt8.self)
      if byte & element.mask != element.value { return false }
    }
    return true
  }

  /// Whether a file at `position` of a span at `base` starts where files of this kind do.
  func isAligned(_ base: UInt64, _ position: Int) -> Bool {
    alignment <= 1
      || (base &+ UInt64(truncatingIfNeeded: position)) & UInt64(clamping: alignment - 1) == 0
  }

  /// Whether it can be looked for: at least two bytes, and not zeros alone.
  var isUsable: Bool {
    elements.count >= 2 && elements.contains { $0.mask != 0 && $0.value != 0 }
  }
}
