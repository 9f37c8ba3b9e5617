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
@safe package struct SignatureTable: Sendable {
  private let signatures: [Signature]
  /// The place in its signature of the window that the loop looks for.
  private let anchors: [Int]
  private let compiled: CompiledWindows
  /// Which signatures a hash of three bytes may belong to: a slice of `candidates` each.
  private let firstCandidate: [UInt32]
  private let candidates: [UInt16]
  private let variant: CInt

  /// The bytes from a file's start to the end of its farthest signature.
  package let longestReach: Int

  package init(_ signatures: [Signature]) {
    self.init(signatures, variant: css_best_variant())
  }

  /// - Parameter variant: one that this processor can run.
  init(_ signatures: [Signature], variant: CInt) {
    self.signatures = signatures
    self.variant = variant
    longestReach = signatures.map { $0.offset + $0.elements.count }.max() ?? 0
    var windows: [Window] = []
    var anchors: [Int] = []
    var byHash: [[UInt16]] = Array(repeating: [], count: 0x1_0000)
    for (index, signature) in signatures.enumerated() {
      guard let (window, anchor) = Window.rarest(in: signature) else {
        anchors.append(0)
        continue
      }
      anchors.append(anchor)
      windows.append(window)
      for hash in window.hashes { byHash[hash].append(UInt16(clamping: index)) }
    }
    self.anchors = anchors
    var first: [UInt32] = [0]
    var candidates: [UInt16] = []
    for list in byHash {
      candidates += list
      first.append(UInt32(clamping: candidates.count))
    }
    firstCandidate = first
    self.candidates = candidates
    compiled = CompiledWindows(Buckets(of: windows), hashes: byHash.map { !$0.isEmpty })
  }

  /// Appends all hits in `bytes`, by position, then signature.
  ///
  /// - Parameter base: the offset of the span on the medium, for signatures that are aligned.
  package func scan(_ bytes: RawSpan, at base: UInt64, into hits: inout [SignatureHit]) {
    let first = hits.count
    var position = 0
    while position < bytes.byteCount {
      // The loop counts in 32 bits.
      let part = bytes.extracting(position..<min(bytes.byteCount, position + 0x4000_0000))
      compiled.scan(part, variant: variant) { window in
        verify(window: position + window, in: bytes, at: base, into: &hits)
      }
      position += part.byteCount
    }
    hits[first...].sort()
  }

  /// Compares whole signatures at a place where a window fits.
  private func verify(
    window: Int, in bytes: RawSpan, at base: UInt64, into hits: inout [SignatureHit]
  ) {
    var word: UInt32 = 0
    for index in 0..<3 where window + index < bytes.byteCount {
      // SAFETY: the index is below the count.
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: window + index, as: UInt8.self)
      word |= UInt32(byte) << (8 * UInt32(index))
    }
    let hash = Int(css_hash(word))
    for place in firstCandidate[hash]..<firstCandidate[hash + 1] {
      let index = Int(candidates[Int(place)])
      let start = window - anchors[index]
      if signatures[index].stands(in: bytes, at: start) {
        let position = start - signatures[index].offset
        if signatures[index].isAligned(base, position) {
          hits.append(SignatureHit(signature: index, position: position))
        }
      }
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
