// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The same answer as `SignatureTable.scan`, found the slow and obvious way: what tests and
/// benchmarks compare with.
package struct Oracle: Sendable {
  private let signatures: [Signature]

  package init(_ signatures: [Signature]) { self.signatures = signatures }

  /// All hits in `bytes`, by position, then signature.
  package func scan(_ bytes: RawSpan, at base: UInt64) -> [SignatureHit] {
    var hits: [SignatureHit] = []
    for (index, signature) in signatures.enumerated() where signature.isUsable {
      for start in 0..<bytes.byteCount where signature.stands(in: bytes, at: start) {
        let position = start - signature.offset
        if signature.isAligned(base, position) {
          hits.append(SignatureHit(signature: index, position: position))
        }
      }
    }
    return hits.sorted()
  }
}
