// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// How surely a file that is complete consists of the right bytes, by what its format could check.
enum Strength: Int, Comparable, Sendable {
  /// Its size is known, or where it stops looking like itself.
  case size
  /// Its structure holds throughout.
  case structure
  /// All of it was decoded.
  case decoding
  /// Checksums cover all of it.
  case checksums

  init(_ examination: Examination) { self.init(examination.evidence) }

  init(_ evidence: [Evidence]) {
    var isDecoded = false
    var isLoose = false
    var isChecked = false
    var isPartly = false
    for fact in evidence {
      switch fact {
      case .checksumsHold: isChecked = true
      case .decoded: isDecoded = true
      case .endReasoned, .pictureJumps: isLoose = true
      case .payloadUnchecked: (isLoose, isPartly) = (true, true)
      default: break
      }
    }
    // Checksums over a part say nothing of the rest.
    if isChecked, !isPartly {
      self = .checksums
      return
    }
    self = isLoose ? .size : isDecoded ? .decoding : .structure
  }

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Whether chance bytes would hardly have passed.
  var isTrusted: Bool { self >= .decoding }
}
